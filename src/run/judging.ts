import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { withLimit } from '../base/limit.js';
import type { Plan } from '../plan/types.js';
import type { ScenarioResult } from '../verdict/types.js';
import type { Judged } from './judge-process.js';
import { behindLabs } from './priority.js';
import { unjudged } from './unjudged.js';

const PROGRAM = fileURLToPath(new URL('./judge-process.js', import.meta.url));
const JUDGING_LIMIT_MS = 15 * 60_000;

/**
 * Judges a scenario's folder in a process of its own. Labs still run: this one must keep their time, and what judging does to
 * its memory would stop all of its threads, as does each fork of a process that has much.
 * If the judge breaks down the result is invalid and says so; other scenarios' results stand.
 */
export async function judgeOrSay(plan: Plan, folder: string): Promise<ScenarioResult> {
  try {
    return await judgeApart(folder);
  } catch (error) {
    const why = new DeadairError('JUDGE_FAILED', `it could not be judged: ${messageOf(error)}`, {
      exitCode: ExitCode.invalid,
      cause: error,
    });
    return unjudged(plan, why);
  }
}

async function judgeApart(folder: string): Promise<ScenarioResult> {
  const child = fork(PROGRAM, [folder], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (child.pid !== undefined) behindLabs(child.pid);
  const ended = once(child, 'exit').catch(() => undefined);
  const judged = new Promise<Judged>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Judged));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the judging process ended with ${code ?? signal ?? 'nothing'} and no result`)),
    );
  });
  try {
    const said = await withLimit(`judging ${folder}`, JUDGING_LIMIT_MS, judged);
    if ('error' in said) throw new Error(said.error);
    return said.result;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
