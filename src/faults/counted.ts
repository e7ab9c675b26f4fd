import type { DirectionCounters, DirectionState, LinkCounters, LinkState } from '../emulator/contract.js';
import type { LinkFault } from '../plan/planned-fault.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { ProofFigure } from '../runfolder/journal.js';
import { shapeFor } from './probe-match.js';
import { directionFrom, type DirectionName, type Way } from './sides.js';

/** Directions that a fault works on, each with its state and the end that sends. */
function directionsOf(fault: LinkFault, link: PlannedLink, state: LinkState) {
  const all = [link.a.node, link.b.node].map((from) => {
    const way = directionFrom(link, from);
    return { from, way, direction: state[way] };
  });
  const concerned =
    fault.kind === 'replay'
      ? fault.directions.map(({ from }) => from)
      : 'from' in fault && fault.from !== null
        ? [fault.from]
        : null;
  return all.filter(({ from }) => concerned === null || concerned.includes(from));
}

/** Rules of a fault that no probe of the lab's can meet: SIP, RTP, other protocols and addresses. */
const ruleOf = (fault: LinkFault, direction: DirectionState): number =>
  'only' in fault && fault.only !== null
    ? direction.rules.findIndex(({ match }) => JSON.stringify(match) === JSON.stringify(fault.only))
    : -1;

/** True if a fault can only be proven by what the emulator counted over its whole life. */
export function needsCounters(fault: LinkFault, ways: readonly Way[]): boolean {
  if (fault.kind === 'replay') return true;
  if (!('only' in fault) || fault.only === null) return false;
  const { only, from } = fault;
  return ways.some((way) => (from === null || from === way.from) && shapeFor(only, way) === null);
}

/**
 * Figures of a fault's life from the counters at its begin and its end: packets that its rule was for, or frames that a
 * course dropped or held. One that met no packet in any direction did nothing, and doesn't hold.
 */
export function countedFigures(
  fault: LinkFault,
  link: PlannedLink,
  state: LinkState,
  before: LinkCounters,
  after: LinkCounters,
): ProofFigure[] {
  const counts = directionsOf(fault, link, state).map(({ from, way, direction }) => ({
    from,
    rule: fault.kind === 'replay' ? null : ruleOf(fault, direction),
    count:
      fault.kind === 'replay' ? changed(before, after, way) : matched(after[way], ruleOf(fault, direction)),
  }));
  const met = counts.some(({ count }) => (count ?? 0) > 0);
  return counts.map(({ from, rule, count }) => ({
    from,
    what: fault.kind === 'replay' ? 'changed' : 'matched',
    unit: 'packets',
    rule,
    requested: [met ? 0 : 1, null],
    achieved: count,
    interval: null,
    holds: met && count !== null,
    by: 'counters',
  }));
}

const matched = (counters: DirectionCounters, rule: number): number | null =>
  rule < 0 ? null : (counters.matched?.[rule] ?? null);

/** Dropped in this direction, or held in either: the emulator doesn't count those apart. */
function changed(before: LinkCounters, after: LinkCounters, way: DirectionName): number {
  const held = (after.lateness?.frames ?? 0) - (before.lateness?.frames ?? 0);
  return after[way].dropped - before[way].dropped + held;
}
