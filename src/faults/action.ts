import { clearLink, type LinkState } from '../emulator/contract.js';
import type { LinkFault, PowerFault } from '../plan/planned-fault.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import { applyBlock } from './block.js';
import { applyCut } from './cut.js';
import { changeDirections } from './effect.js';
import { applyImpairment } from './impair.js';
import { applyReplay } from './replay.js';

/** What changes a link: its own faults, and the power of the nodes at its ends. */
export type FaultOfLink = LinkFault | PowerFault;

/** Blocks are looked at before impairments, whatever their place in the file: what is dropped can't be delayed. */
const ORDER: Record<FaultOfLink['kind'], number> = { block: 0, impair: 1, replay: 1, cut: 2, power: 3 };

/**
 * The state of a link under all faults that are in force on it; with none it is clear. Rules are in the order of the file,
 * whenever their faults began.
 */
export function stateUnder(faults: readonly FaultOfLink[], link: PlannedLink): LinkState {
  return faults
    .toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind] || a.entry - b.entry)
    .reduce<LinkState>((state, fault) => applyFault(state, fault, link), clearLink);
}

function applyFault(state: LinkState, fault: FaultOfLink, link: PlannedLink): LinkState {
  switch (fault.kind) {
    case 'cut':
      return applyCut(state, fault, link);
    case 'impair':
      return applyImpairment(state, fault, link);
    case 'block':
      return applyBlock(state, fault, link);
    case 'replay':
      return applyReplay(state, fault, link);
    case 'power':
      return changeDirections(state, link, null, () => ({ cut: 'carrier-down' }));
  }
}
