import type { PlannedFault } from '../plan/planned-fault.js';
import type { ProofStage } from './look.js';

/** What happens to a node, for those who play a part in it. */
type NodeChange = 'off' | 'on' | 'frozen' | 'thawed';

/** What the timeline works on. */
export interface Stage extends ProofStage {
  epochMonotonicMs: number;
  /** Told of every change, for the live view: titles of the faults in force. */
  onChange?: (inForce: readonly PlannedFault[]) => void;
  /** Told when a node stops or goes on, just before. What the harness plays for it must do so too. */
  onNodeChange?: (node: string, change: NodeChange) => void;
}

/** One moment of the timeline. */
export interface Step<Fault extends PlannedFault = PlannedFault> {
  atMs: number;
  fault: Fault;
  what: 'applied' | 'healed';
}

/** The faults as steps, by time. */
export function stepsOf(faults: readonly PlannedFault[]): Step[] {
  const all = faults.flatMap((fault): Step[] => [
    { atMs: fault.atMs, fault, what: 'applied' },
    ...(fault.untilMs === null ? [] : [{ atMs: fault.untilMs, fault, what: 'healed' as const }]),
  ]);
  // Heal first where one fault ends at the moment another begins.
  return all.sort((x, y) => x.atMs - y.atMs || Number(x.what === 'applied') - Number(y.what === 'applied'));
}
