import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { LinkFault } from '../plan/planned-fault.js';
import type { PlannedLink } from '../plan/planned-lab.js';

/** One fault kind: what it does to the two directions of its link. One file a kind. */
export type FaultEffect<Kind extends LinkFault['kind']> = (
  state: LinkState,
  fault: Extract<LinkFault, { kind: Kind }>,
  link: PlannedLink,
) => LinkState;

/** Changes the directions that a fault concerns: those sent by `from`, or both if that is null. */
export function changeDirections(
  state: LinkState,
  link: PlannedLink,
  from: string | null,
  change: (direction: DirectionState) => Partial<DirectionState>,
): LinkState {
  const changed = (sender: string, direction: DirectionState) =>
    from === null || from === sender ? { ...direction, ...change(direction) } : direction;
  return { aToB: changed(link.a.node, state.aToB), bToA: changed(link.b.node, state.bToA) };
}
