import { clearLink, type DirectionState, type LinkState } from '../emulator/contract.js';
import type { PlannedFault, PlannedLink } from '../plan/types.js';
import { applyCut } from './cut.js';
import { applyImpairment } from './impair.js';

/** One fault kind: what it does to the two directions of its link. One file a kind. */
export type FaultEffect<Kind extends PlannedFault['kind']> = (
  state: LinkState,
  fault: Extract<PlannedFault, { kind: Kind }>,
  link: PlannedLink,
) => LinkState;

/** The state of a link under all faults that are in force on it; with none it is clear. */
export function stateUnder(faults: readonly PlannedFault[], link: PlannedLink): LinkState {
  return faults.reduce<LinkState>(
    (state, fault) =>
      fault.kind === 'cut' ? applyCut(state, fault, link) : applyImpairment(state, fault, link),
    clearLink,
  );
}

/** Changes the directions that a fault concerns: those sent by `from`, or both if that is null. */
export function changeDirections(
  state: LinkState,
  link: PlannedLink,
  from: string | null,
  change: Partial<DirectionState>,
): LinkState {
  return {
    aToB: from === null || from === link.a.node ? { ...state.aToB, ...change } : state.aToB,
    bToA: from === null || from === link.b.node ? { ...state.bToA, ...change } : state.bToA,
  };
}
