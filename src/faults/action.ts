import { clearLink, type DirectionState, type LinkState } from '../emulator/contract.js';
import type { PlannedFault, PlannedLink } from '../plan/types.js';
import { applyBlock } from './block.js';
import { applyCut } from './cut.js';
import { applyImpairment } from './impair.js';
import { applyReplay } from './replay.js';

/** One fault kind: what it does to the two directions of its link. One file a kind. */
export type FaultEffect<Kind extends PlannedFault['kind']> = (
  state: LinkState,
  fault: Extract<PlannedFault, { kind: Kind }>,
  link: PlannedLink,
) => LinkState;

/** Blocks are looked at before impairments, whatever their place in the file: what is dropped can't be delayed. */
const ORDER: Record<PlannedFault['kind'], number> = { block: 0, impair: 1, replay: 1, cut: 2 };

/**
 * The state of a link under all faults that are in force on it; with none it is clear. Rules are in the order of the file,
 * whenever their faults began.
 */
export function stateUnder(faults: readonly PlannedFault[], link: PlannedLink): LinkState {
  return faults
    .toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind] || a.entry - b.entry)
    .reduce<LinkState>((state, fault) => applyFault(state, fault, link), clearLink);
}

function applyFault(state: LinkState, fault: PlannedFault, link: PlannedLink): LinkState {
  switch (fault.kind) {
    case 'cut':
      return applyCut(state, fault, link);
    case 'impair':
      return applyImpairment(state, fault, link);
    case 'block':
      return applyBlock(state, fault, link);
    case 'replay':
      return applyReplay(state, fault, link);
  }
}

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
