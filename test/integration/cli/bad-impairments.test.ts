import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLI } from '../../fixtures/cli.js';
import { SHORT_SCENARIO, scenarioHome } from '../../fixtures/labs.js';

/** One after the other on one link, from line 9 on. */
const withEntries = (...entries: string[]) => {
  const lines = entries.map((entry, index) => `  - { at: ${index}s, for: 1s, ${entry} }\n`);
  return SHORT_SCENARIO.replace('duration: 5s', 'duration: 30s').replace(
    'expect:',
    `timeline:\n${lines.join('')}expect:`,
  );
};
const impair = (fields: string) => `impair: sbc--carrier-a, ${fields}`;

/** What `run` and `validate` say, which is the same, and that `run` began nothing. */
async function refused(entries: string[], args: string[] = [], trace = ''): Promise<string> {
  await using home = await scenarioHome(withEntries(...entries));
  await writeFile(join(home.folder, 'line.jsonl'), trace);
  const out = join(home.folder, 'run');
  const [validated, run] = [['validate'], ['run', '--out', out]].map((command) => {
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...command, home.file, ...args], {
      encoding: 'utf8',
    });
    assert.equal(status, 64, `${command[0]}: ${stderr}`);
    return stderr;
  });
  assert.equal(existsSync(out), false);
  assert.equal(validated, run);
  return validated ?? '';
}

/** The place, by line, and the code of each thing that is wrong. */
const told = (text: string) =>
  [...text.matchAll(/(\w+\.\w+):(\d+):\d+: (\w+): /g)].map(
    ([, file, line, code]) => `${file}:${line} ${code}`,
  );

describe('impairments that can not be, told by deadair', () => {
  it('are bad input, each at its line, and nothing is started: exit 64', async () => {
    const text = await refused([
      impair('loss: 140%'),
      impair('loss: { gilbert-elliott: { p: -1%, r: 5% } }'),
      impair('delay: -5ms'),
      impair('delay: 10ms, jitter: 20ms'),
      impair('delay: 10ms, jitter: 5ms, distribution: gaussian'),
      impair('rate: 0Mbit'),
      impair('duplicate: 101%'),
      impair('mtu: 0'),
    ]);
    assert.deepEqual(told(text), [
      'scenario.yaml:9 VALUE_INVALID',
      'scenario.yaml:10 UNIT_INVALID',
      'scenario.yaml:11 UNIT_INVALID',
      'scenario.yaml:12 JITTER_EXCEEDS_DELAY',
      'scenario.yaml:13 VALUE_INVALID',
      'scenario.yaml:14 RATE_ZERO',
      'scenario.yaml:15 VALUE_INVALID',
      'scenario.yaml:16 VALUE_INVALID',
    ]);
  });

  it('are bad input in a trace too, by its own lines', async () => {
    const lines = [
      '{"deadair-trace":1,"end":"hold","source":"x"}',
      '{"atMs":0}',
      '',
      '{"atMs":5,"los":1}',
      '{',
    ];
    assert.deepEqual(told(await refused([impair('trace: line.jsonl')], [], lines.join('\n'))), [
      'line.jsonl:4 TRACE_INVALID',
      'line.jsonl:5 TRACE_INVALID',
    ]);
  });

  it('are so for netem where only wire can do them, all at once', async () => {
    const packets = '{"deadair-trace":1,"end":"hold","source":"x"}\n{"delayMs":5}\n';
    const entries = [
      impair('loss: 1%'),
      impair('loss: { pattern: "..x" }'),
      impair('delay: 40ms, only: { rtp: {} }'),
      'block: sbc--carrier-a, only: { sip: { status: 180 } }',
      impair('trace: line.jsonl'),
    ];
    const text = await refused(entries, ['--emulator', 'netem'], packets);
    assert.deepEqual(
      told(text),
      [10, 11, 12, 13].map((line) => `scenario.yaml:${line} NETEM_CANNOT`),
    );
    assert.match(text, /Use --emulator wire\./);
  });
});
