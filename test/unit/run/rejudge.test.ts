import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeadairError, ExitCode } from '../../../src/base/errors.js';
import { compilePlans } from '../../../src/plan/compile.js';
import { writeResult } from '../../../src/report/json.js';
import { rejudge } from '../../../src/run/rejudge.js';
import { unjudged } from '../../../src/run/unjudged.js';
import type { Verdict } from '../../../src/verdict/types.js';
import { loadWith } from '../../fixtures/inputs.js';

describe('rejudge', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'deadair-'))));
  afterEach(() => rm(folder, { recursive: true }));

  /** A run whose only scenario has a result, and no folder. */
  async function write(verdict: Verdict) {
    const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
    const [plan] = compilePlans(loadWith({}), options);
    assert.ok(plan);
    const failure = new DeadairError('INTERRUPTED', 'before it began', { exitCode: ExitCode.interrupted });
    const result = { ...unjudged(plan, failure), verdict };
    await writeResult(folder, {
      schemaVersion: 1,
      startedAt: new Date(0).toISOString(),
      wallMs: 1,
      exitCode: ExitCode.interrupted,
      scenarios: [result],
    });
    return result;
  }

  it('leaves what never began as it is: invalid', async () => {
    const result = await write('invalid');
    const run = await rejudge(folder);
    assert.equal(run.exitCode, ExitCode.invalid);
    assert.deepEqual(run.scenarios, [result]);
  });

  it('takes no other result without its evidence', async () => {
    await write('pass');
    await assert.rejects(rejudge(folder), { code: 'RUN_FOLDER_UNREADABLE' });
  });

  it('counts the last attempt of what waited to be run again when the run was cut short', async () => {
    const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
    const [plan] = compilePlans(loadWith({}), options);
    assert.ok(plan);
    const starved = new DeadairError('HOST_STARVED', 'no time', { exitCode: ExitCode.invalid });
    for (const attempt of [1, 2]) {
      const aside = join(folder, 'earlier_attempts', `${plan.id}.${attempt}`);
      await mkdir(aside, { recursive: true });
      await writeFile(join(aside, 'plan.json'), JSON.stringify(plan));
      await writeFile(join(aside, 'result.json'), JSON.stringify(unjudged(plan, starved)));
    }
    const run = await rejudge(folder);
    assert.equal(run.exitCode, ExitCode.invalid);
    assert.deepEqual(
      run.scenarios.map(({ id, earlier }) => [id, earlier]),
      [
        [
          plan.id,
          [
            {
              folder: `earlier_attempts/${plan.id}.1`,
              problems: [{ code: 'HOST_STARVED', summary: 'no time' }],
            },
          ],
        ],
      ],
    );
  });

  it('goes by the folders of scenarios where the result can not be read, and passes over none without its plan', async () => {
    await writeFile(join(folder, 'result.json'), '{');
    await assert.rejects(rejudge(folder), { code: 'RUN_FOLDER_EMPTY' });
    await mkdir(join(folder, 'steady', 'captures'), { recursive: true });
    await assert.rejects(rejudge(folder), { code: 'RUN_FOLDER_UNREADABLE' });
  });
});
