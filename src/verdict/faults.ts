import type { Plan, PlannedFault } from '../plan/types.js';
import type { FaultProof, JournalEntry } from '../runfolder/journal.js';
import type { FaultResult } from './types.js';

/** Planned faults beside what the journal says became of them. */
export function faultResults(plan: Plan, journal: readonly JournalEntry[]): FaultResult[] {
  return plan.faults.map((fault) => {
    const timeOf = (event: 'fault-applied' | 'fault-healed') =>
      journal.find((entry) => entry.event === event && entry.fault === fault.id)?.atMs ?? null;
    const proofOf = (when: 'applied' | 'healed'): FaultProof | null => {
      const entry = journal.findLast(
        (e) => e.event === 'fault-proof' && e.fault === fault.id && e.when === when,
      );
      return entry?.event === 'fault-proof' ? entry.proof : null;
    };
    return {
      id: fault.id,
      kind: fault.kind,
      target: fault.target,
      title: titleOf(fault),
      plannedAt: fault.atMs,
      appliedAt: timeOf('fault-applied'),
      healedAt: timeOf('fault-healed'),
      proof: { applied: proofOf('applied'), healed: proofOf('healed') },
    };
  });
}

/** `cut blackhole`, `cut one-way from desk`, `impair: delay 40 ± 5 ms, loss 2 %` */
export function titleOf(fault: PlannedFault): string {
  if (fault.kind === 'cut')
    return `cut ${fault.mode}${fault.mode === 'one-way' ? ` from ${fault.from}` : ''}`;
  const { delayMs, jitterMs, lossShare } = fault.impairment;
  const parts = [
    ...(delayMs > 0 ? [`delay ${delayMs}${jitterMs > 0 ? ` ± ${jitterMs}` : ''} ms`] : []),
    ...(lossShare > 0 ? [`loss ${Number((lossShare * 100).toFixed(3))} %`] : []),
  ];
  return `impair${fault.from === null ? '' : ` from ${fault.from}`}: ${parts.join(', ') || 'nothing'}`;
}
