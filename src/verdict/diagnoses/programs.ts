import { howItEnded } from '../../measures/harness-problems.js';
import { inSeconds } from '../words.js';
import type { Case, RankedDiagnosis } from './case.js';

/** NODE_DIED: a program of the system under test ended while it should have run. What followed are symptoms of that. */
export function diagnosePrograms({ journal }: Case): RankedDiagnosis[] {
  const ended = journal.flatMap((entry) =>
    entry.event === 'program-ended' && entry.owner === 'system' ? [entry] : [],
  );
  const [first] = ended.sort((a, b) => a.atMs - b.atMs);
  if (!first) return [];
  const more = ended.length > 1 ? `, and ${ended.length - 1} more after it` : '';
  return [
    {
      code: 'NODE_DIED',
      rank: 5,
      summary: `${first.program} on ${first.node} ended at ${inSeconds(first.atMs)}, ${howItEnded(first)}${more}.`,
      advice: `Read the end of logs/${first.node}.${first.program}.log, and mend that first: everything else may follow from it.`,
      evidence: ended.map(({ node, program, atMs }) => ({
        file: `logs/${node}.${program}.log`,
        atMs,
        note: `${program} ended`,
      })),
    },
  ];
}
