import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { messageOf } from '../base/errors.js';
import { runFiles, scenarioFiles } from '../runfolder/layout.js';
import type { EarlierAttempt, ScenarioResult } from '../verdict/types.js';

/**
 * Measures until the result can be trusted, at most `again` times more: an invalid one says nothing of what was tested. A
 * verdict is never asked for twice. What was wrong with the earlier attempts goes with the result of the last. One
 * that can't be kept is not repeated, and says so.
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
    const told = earlier.length === 0 ? result : { ...result, earlier };
    if (result.verdict !== 'invalid' || earlier.length === again || signal.aborted)
      return { ...outcome, result: told };
    try {
      earlier.push(await setAside(result, earlier.length + 1));
    } catch (error) {
      const summary = `It was not run again, since what it left could not be moved: ${messageOf(error)}.`;
      const problems = [...result.instrument.problems, { code: 'ATTEMPT_UNKEPT', summary, evidence: [] }];
      return { ...outcome, result: { ...told, instrument: { ...result.instrument, problems } } };
    }
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
  return { folder: relative(out, folder), problems: problemsOf(instrument) };
}

/** The attempts that a run set aside, by the scenario's id, as their folders tell. */
export async function attemptsAside(out: string): Promise<Map<string, EarlierAttempt[]>> {
  const { earlier } = runFiles(out);
  const names = (await readdir(earlier).catch(() => [])).sort(
    new Intl.Collator('en', { numeric: true }).compare,
  );
  const found = new Map<string, EarlierAttempt[]>();
  for (const name of names) {
    const [, id] = /^(.+)\.\d+$/.exec(name) ?? [];
    const folder = join(earlier, name);
    const { plan, result } = scenarioFiles(folder);
    if (id === undefined || !existsSync(plan)) continue;
    const text = await readFile(result, 'utf8').catch(() => null);
    const problems = text === null ? [] : problemsOf((JSON.parse(text) as ScenarioResult).instrument);
    found.set(id, [...(found.get(id) ?? []), { folder: relative(out, folder), problems }]);
  }
  return found;
}

const problemsOf = ({ problems }: ScenarioResult['instrument']): EarlierAttempt['problems'] =>
  problems.map(({ code, summary }) => ({ code, summary }));
