import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal } from '../../src/evidence/run-files.js';
import type { RunResult } from '../../src/verdict/types.js';
import { CLI } from '../fixtures/cli.js';
import { SHORT_SCENARIO, scenarioHome } from '../fixtures/labs.js';
import type { BenchRow } from './row.js';

const RUNS = 5;

/** From the start of `deadair run` to the first INVITE in the caller's capture, over five runs of dual-carrier. */
export async function benchFirstInvite(): Promise<BenchRow[]> {
  const took: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await using home = await scenarioHome(SHORT_SCENARIO);
    const out = join(home.folder, 'run');
    const startedAt = Date.now();
    await once(spawn(process.execPath, [CLI, 'run', home.file, '--out', out], { stdio: 'ignore' }), 'exit');
    const result = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as RunResult;
    const invites = result.scenarios[0]?.calls.flatMap(({ inviteAt }) => inviteAt ?? []) ?? [];
    const clock = (await readJournal(join(out, 'short'))).find((entry) => entry.event === 'clock');
    if (clock?.event !== 'clock' || invites.length === 0) throw new Error(`no INVITE in ${out}`);
    took.push(clock.wallEpochMs + Math.min(...invites) - startedAt);
  }
  took.sort((a, b) => a - b);
  return [
    { name: 'deadair run → first INVITE, median of 5', value: took[2] ?? NaN, unit: 'ms', target: '<= 3000' },
    {
      name: 'deadair run → first INVITE, slowest of 5',
      value: took[4] ?? NaN,
      unit: 'ms',
      target: '<= 3000',
    },
  ];
}
