import { existsSync } from 'node:fs';
import { readDecisionLog, type Decision } from '../runfolder/decision-log.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { scenarioFiles } from '../runfolder/layout.js';

/**
 * The wire emulator's decisions about a link, in the order of writing, with `atMs` on the lab axis. Null where there are
 * none: another emulator had the link, or the run ended before its clock was told.
 */
export type DecisionsOf = (link: string) => AsyncIterable<Decision> | null;

/** The decision logs of a scenario's run. Reading one that isn't a decision log throws. */
export function decisionsIn(scenarioFolder: string, journal: readonly JournalEntry[]): DecisionsOf {
  const clock = journal.find((entry) => entry.event === 'clock');
  const epochMs = clock?.event === 'clock' ? clock.monotonicEpochMs : undefined;
  return (link) => {
    const path = scenarioFiles(scenarioFolder).decisions(link);
    return epochMs !== undefined && existsSync(path) ? onLabAxis(path, epochMs) : null;
  };
}

async function* onLabAxis(path: string, epochMs: number): AsyncGenerator<Decision> {
  for await (const decision of readDecisionLog(path)) yield { ...decision, atMs: decision.atMs - epochMs };
}
