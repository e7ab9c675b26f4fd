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
  const changed = (direction: DirectionState) => ({ ...direction, ...change(direction) });
  return {
    aToB: from === null || from === link.a.node ? changed(state.aToB) : state.aToB,
    bToA: from === null || from === link.b.node ? changed(state.bToA) : state.bToA,
  };
}
