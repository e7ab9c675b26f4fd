import type { Evidence } from '../evidence/types.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { captureName } from '../runfolder/layout.js';
import { problem, type Problem } from './problems.js';

/** What was met in single frames, as evidence counts it: "3 × …". Everything else speaks of the file. */
const OF_FRAMES = /^\d+ × /;

/** Captures that are missing, that aren't whole, and those in which packets are missing. */
export function captureProblems(plan: Plan, journal: readonly JournalEntry[], evidence: Evidence): Problem[] {
  const points = plan.lab.nodes.flatMap(({ name: node, interfaces }) =>
    interfaces.filter(({ captured }) => captured).map(({ name }) => ({ node, name })),
  );
  return points.flatMap(({ node, name }): Problem[] => {
    const file = captureName(node, name);
    const capture = evidence.captures.find((one) => one.file === file);
    if (!capture || (capture.frames === 0 && capture.problems.length > 0)) {
      const why = capture ? `: it ${capture.problems.join(', ')}` : '';
      return [problem('CAPTURE_MISSING', `There is no capture of ${name} at ${node}${why}.`, file)];
    }
    const closed = journal.find(
      (e) => e.event === 'capture-closed' && e.node === node && e.interface === name,
    );
    const counted = closed?.event === 'capture-closed' ? closed : null;
    const damages = capture.problems.filter((text) => !OF_FRAMES.test(text));
    if (counted && capture.frames < counted.captured)
      damages.push(`holds ${capture.frames} of the ${counted.captured} packets captured`);
    return [
      ...(damages.length > 0
        ? [problem('CAPTURE_DAMAGED', `The capture of ${name} at ${node} ${damages.join(', ')}.`, file)]
        : []),
      ...droppedPackets(`The capture of ${name} at ${node}`, counted?.dropped ?? null, file),
    ];
  });
}

function droppedPackets(capture: string, dropped: number | null, file: string): Problem[] {
  if (dropped === 0) return [];
  const what = dropped === null ? 'did not say whether it dropped packets' : `dropped ${dropped} packets`;
  return [problem('CAPTURE_DROPPED_PACKETS', `${capture} ${what}.`, file)];
}
