import { mkdir, rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runFiles } from '../runfolder/layout.js';
import type { EarlierAttempt, ScenarioResult } from '../verdict/types.js';

/**
 * Measures until the result can be trusted, at most `again` times more: an invalid one says nothing of what was tested. A
 * verdict is never asked for twice. What was wrong with the earlier attempts goes with the result of the last.
 *
 * @param setAside keeps what an attempt left, before the next one
 */
export async function untilTrusted<Outcome extends { result: ScenarioResult }>(
  { again, signal }: { again: number; signal: AbortSignal },
  attempt: () => Promise<Outcome>,
  setAside: (result: ScenarioResult, number: number) => Promise<EarlierAttempt>,
): Promise<Outcome> {
  const earlier: EarlierAttempt[] = [];
  for (;;) {
    const outcome = await attempt();
    const { result } = outcome;
    if (result.verdict !== 'invalid' || earlier.length === again || signal.aborted)
      return earlier.length === 0 ? outcome : { ...outcome, result: { ...result, earlier } };
    earlier.push(await setAside(result, earlier.length + 1));
  }
}

/** Moves the folder of an attempt out of the way of the next one. */
export async function moveAside(
  out: string,
  { id, instrument }: ScenarioResult,
  number: number,
): Promise<EarlierAttempt> {
  const files = runFiles(out);
  const folder = join(files.earlier, `${id}.${number}`);
  await mkdir(files.earlier, { recursive: true });
  await rename(files.scenario(id), folder);
  return {
    folder: relative(out, folder),
    problems: instrument.problems.map(({ code, summary }) => ({ code, summary })),
  };
}
