import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../../src/base/package.js';
import { CLI } from '../fixtures/cli.js';
import { hostState, kill, processesMarked, until } from '../fixtures/killed.js';

/** What tells that a run got somewhere; the harness is killed as soon as it's there. */
const MOMENTS: [name: string, reached: (folder: string) => boolean][] = [
  ['when its first node starts', (folder) => existsSync(join(folder, 'logs'))],
  ['when captures start', (folder) => existsSync(join(folder, 'captures', 'desk.lan.pcap'))],
  ['when the SBC starts', (folder) => existsSync(join(folder, 'logs', 'sbc.kamailio.log'))],
  ['when calls are up', (folder) => existsSync(join(folder, 'logs', 'desk.sipp-office-out.log'))],
];
/** Nodes without power, standing still and starved when the harness dies. */
const FAULTS = `name: carrier-cut
title: Faults of nodes
story: They hold when the harness dies.
lab: dual-carrier
duration: 30s
traffic: [{ name: office-out, from: desk, to: carrier-number, rate: 1/s, hold: 2s }]
timeline:
  - { at: 300ms, power: carrier-a }
  - { at: 300ms, freeze: carrier-b }
  - { at: 300ms, starve: sbc, cpu: 20% }
expect: [{ one-way-audio: none }]
`;
const SCENARIO = join(packageFolder(), 'scenarios', 'trunk', 'carrier-cut.yaml');

describe('the harness killed by SIGKILL', function () {
  this.timeout(60_000);
  for (const [name, reached] of MOMENTS)
    it(`leaves nothing but the run folder, ${name}`, () => killWhen(name, reached, SCENARIO));

  it('leaves nothing but the run folder, while nodes are off, frozen and starved', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    const scenario = join(folder, 'faults.yaml');
    await writeFile(scenario, FAULTS);
    const applied = (run: string) =>
      existsSync(join(run, 'journal.jsonl')) &&
      readFileSync(join(run, 'journal.jsonl'), 'utf8').split('"fault-applied"').length === 4;
    await killWhen('all faults are applied', applied, scenario);
    await rm(folder, { recursive: true });
  });
});

/** Kills the harness at a moment of a run, and looks at what is left. */
async function killWhen(name: string, reached: (folder: string) => boolean, scenario: string): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), 'deadair-'));
  const before = await hostState();
  // Every process of the run inherits the mark, whatever namespace it is in.
  const mark = `DEADAIR_CRASH_TEST=${randomUUID()}`;
  const [variable = '', value = ''] = mark.split('=');
  const harness = spawn(process.execPath, [CLI, 'run', scenario, '--out', out], {
    env: { ...process.env, [variable]: value },
    stdio: 'ignore',
  });
  await until(`the run is there: ${name}`, () => reached(join(out, 'carrier-cut')));
  await until(
    'the mark finds the processes of the run',
    async () => (await processesMarked(mark)).length > 1,
  );
  await kill(harness);
  await until('all processes of the run have ended', async () => (await processesMarked(mark)).length === 0);
  assert.deepEqual(await hostState(), before);
  await rm(out, { recursive: true });
}
