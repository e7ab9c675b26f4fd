import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { judgeOrSay } from '../../../src/run/judging.js';
import { until } from '../../fixtures/killed.js';
import { plan } from '../../fixtures/plans.js';

describe('judging in a process of its own', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-judge-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('says of a folder that can’t be judged why, and blames nobody', async () => {
    const result = await judgeOrSay(plan(), folder);
    assert.equal(result.verdict, 'invalid');
    const [problem] = result.instrument.problems;
    assert.equal(problem?.code, 'JUDGE_FAILED');
    assert.match(problem.summary, /plan\.json/);
  });

  it('costs one result when the process is killed, and leaves none behind', async () => {
    // A pipe that nobody writes to keeps the judge reading.
    await execa('mkfifo', [join(folder, 'plan.json')]);
    const judging = judgeOrSay(plan(), folder);
    const pid = await judgeOf(folder);
    process.kill(pid, 'SIGKILL');
    const { instrument } = await judging;
    assert.match(
      instrument.problems[0]?.summary ?? '',
      /the judging process ended with SIGKILL and no result/,
    );
  });
});

/** The process that was given this folder. */
async function judgeOf(folder: string): Promise<number> {
  let found = 0;
  await until('the folder has a judge', async () => {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const argv = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (argv.includes('judge-process') && argv.includes(folder)) found = Number(pid);
    }
    return found > 0;
  });
  return found;
}
