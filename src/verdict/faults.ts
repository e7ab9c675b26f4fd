import type { PlannedFault } from '../plan/planned-fault.js';
import type { Plan } from '../plan/types.js';
import { formatDuration } from '../base/units.js';
import { dnsWords, impairmentWords, matchWords, shareWords } from '../plan/words.js';
import type { Measures } from '../measures/types.js';
import type { FaultProof, JournalEntry } from '../runfolder/journal.js';
import type { FaultResult } from './types.js';

/** Planned faults beside what the journal says became of them. */
export function faultResults(
  plan: Plan,
  journal: readonly JournalEntry[],
  decisions: Measures['decisions'] = new Map(),
): FaultResult[] {
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
      approximated: fault.approximated ?? [],
      decided: decisions.get(fault.id) ?? null,
      proof: { applied: proofOf('applied'), healed: proofOf('healed') },
    };
  });
}

/** `cut blackhole`, `cut one-way from desk`, `impair: delay 40 ± 5 ms, loss 2 %`, `block SIP INVITE, the first 3` */
export function titleOf(fault: PlannedFault): string {
  const sender = (from: string | null) => (from === null ? '' : ` from ${from}`);
  switch (fault.kind) {
    case 'cut':
      return `cut ${fault.mode}${fault.mode === 'one-way' ? sender(fault.from) : ''}`;
    case 'block':
      return `block${sender(fault.from)} ${matchWords(fault.only)}`;
    case 'replay':
      return `replay ${fault.name}`;
    case 'power':
      return `power off${fault.upsMs > 0 ? ` after ${formatDuration(fault.upsMs)} on its battery` : ''}`;
    case 'freeze':
      return 'freeze';
    case 'answer':
      return `answer ${[
        ...(fault.invite === null ? [] : [`${fault.invite} to INVITE`]),
        ...(fault.options === null ? [] : [`${fault.options} to OPTIONS`]),
      ].join(', ')}`;
    case 'crash':
      return `crash ${fault.program} (${fault.signal})`;
    case 'dns':
      return `dns ${dnsWords(fault)}`;
    case 'starve':
      return `starve to ${shareWords(fault.cpuShare)} of a processor`;
    case 'impair': {
      const only = fault.only ? ` ${matchWords(fault.only)}` : '';
      return `impair${sender(fault.from)}${only}: ${impairmentWords(fault.impairment)}`;
    }
  }
}
