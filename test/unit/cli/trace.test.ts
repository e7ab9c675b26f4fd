import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceCommand } from '../../../src/cli/trace.js';
import { parseTrace } from '../../../src/plan/traces/read.js';
import { writePcap } from '../../fixtures/pcap.js';

describe('deadair trace', () => {
  let folder: string;
  const said: string[] = [];
  const log = console.log;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'deadair-trace-'))));
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    said.length = 0;
    console.log = (line: string) => said.push(line);
  });
  afterEach(() => (console.log = log));

  const run = (...args: string[]) => traceCommand().exitOverride().parseAsync(args, { from: 'user' });
  const out = () => join(folder, 'out.jsonl');

  it('imports a mahimahi trace', async () => {
    const file = join(folder, 'x.down');
    writeFileSync(file, Array.from({ length: 1000 }, (_, index) => index + 1).join('\n'));
    await run('import', 'mahimahi', file, '--step', '250', '--queue', '100', '--out', out());
    const trace = parseTrace(readFileSync(out(), 'utf8'), out());
    assert.equal(trace.kind === 'time' && trace.steps.length, 4);
    assert.match(said[0] ?? '', /4 steps over 1 s, then loop$/);
  });

  it('imports a pair of captures, and checks what came of it', async () => {
    const packet = (id: number, atMs: number) => ({
      ...{ id, atMs, src: '198.18.1.1', dst: '198.18.1.2', srcPort: 1, dstPort: 2 },
      payload: `${id}`,
    });
    const [before, after] = [join(folder, 'before.pcap'), join(folder, 'after.pcap')];
    writePcap(before, [packet(1, 0), packet(2, 20), packet(3, 40)]);
    writePcap(after, [packet(1, 15), packet(3, 55)]);
    await run('import', 'captures', before, after, '--end', 'stop', '--out', out());
    assert.equal(said[1], '2 packets matched, 1 lost');
    await run('check', out());
    assert.equal(said[2], '3 packets, then stop');
  });

  it('tells what is wrong with a trace, by line', async () => {
    writeFileSync(out(), '{"deadair-trace":1,"end":"hold","source":"x"}\n{"atMs":0,"los":1}\n');
    await assert.rejects(
      run('check', out()),
      /out\.jsonl:2:1: TRACE_INVALID: unknown key "los"\. Did you mean "loss"\?/,
    );
    await assert.rejects(run('check', join(folder, 'none')), { code: 'FILE_UNREADABLE', exitCode: 64 });
  });
});
