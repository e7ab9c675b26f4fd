import { runsZ } from './flapping.js';
import type { PlacedCall } from './rows.js';
import type { FailoverMeasure } from './types.js';

type Transition = FailoverMeasure['transitions'][number];

/** A call and the trunk that was chosen for it at first. */
interface Choice {
  call: PlacedCall;
  trunk: string;
}

/** How many of the last calls are looked at, and which share of them makes a state. */
interface Window {
  size: number;
  share: number;
}

/** For traffic that stays on a trunk and moves as a whole: three calls in a row on the other one. */
const STAYING: Window = { size: 3, share: 1 };
/** For traffic that is shared call by call: 8 of 10 (docs/measures.md §4). Otherwise round-robin would look like flapping. */
const SHARED: Window = { size: 10, share: 0.8 };
/** Below this z of the runs test calls stay together too much for sharing (one-sided, 2.3 %). */
const SHARING_FROM_Z = -2;
/** Fewer calls than this say nothing about the state of shared traffic. */
export const FEWEST_CALLS = 5;

/**
 * Moves of traffic between the primary and the rest, by the trunk that was tried first: a call that advances to the
 * backup by itself is no move of traffic. The state has hysteresis: it changes only when the window is (nearly) full
 * of calls on the other side. The window is short unless a runs test finds the sequence shared: with 10 calls
 * only, a line that flaps faster than every 8 calls would go unseen.
 * @param calls in set-up order; those for which no trunk was tried don't count
 */
export const findTransitions = (calls: readonly PlacedCall[], primary: string): Transition[] =>
  findMoves(choicesOf(calls), primary);

/** The same of whatever is chosen for calls, such as a line; `choices` are in set-up order. */
export function findMoves(choices: readonly Choice[], primary: string): Transition[] {
  const z = runsZ(choices.map(({ trunk }) => trunk === primary));
  const { size, share } = z !== null && z <= SHARING_FROM_Z ? STAYING : SHARED;
  const transitions: Transition[] = [];
  let onPrimary: boolean | null = null;
  let sinceIndex = 0;
  for (let end = Math.min(size, FEWEST_CALLS); end <= choices.length; end++) {
    const window = choices.slice(Math.max(0, end - size), end);
    const least = Math.ceil(share * window.length);
    const onIt = window.filter(({ trunk }) => trunk === primary).length;
    const now: boolean | null = onIt >= least ? true : window.length - onIt >= least ? false : onPrimary;
    if (onPrimary !== null && now !== onPrimary) {
      const split = sinceIndex + changeIndex(choices.slice(sinceIndex, end), primary, onPrimary);
      const [before, after] = [choices[split - 1], choices[split]];
      if (before && after) transitions.push(between(before, after));
      sinceIndex = split;
    }
    onPrimary = now;
  }
  return transitions;
}

/** Whether traffic was on the primary, call by call; calls for which no trunk was tried are left out. */
export const primaryChoices = (calls: readonly PlacedCall[], primary: string): boolean[] =>
  choicesOf(calls).map(({ trunk }) => trunk === primary);

function choicesOf(calls: readonly PlacedCall[]): Choice[] {
  return calls.flatMap((call) => {
    const [first] = call.attempts;
    return first ? [{ call, trunk: first.trunk }] : [];
  });
}

/** Where to split so that the fewest calls are on the wrong side; ≥ 1, the last such split. */
function changeIndex(choices: readonly Choice[], primary: string, wasPrimary: boolean): number {
  const isOld = choices.map(({ trunk }) => (trunk === primary) === wasPrimary);
  let wrong = isOld.filter(Boolean).length;
  let best = { index: 1, wrong: Infinity };
  for (let index = 1; index < choices.length; index++) {
    wrong += isOld[index - 1] ? -1 : 1;
    if (wrong <= best.wrong) best = { index, wrong };
  }
  return best.index;
}

function between(before: Choice, after: Choice): Transition {
  return {
    from: before.trunk,
    to: after.trunk,
    afterMs: before.call.inviteAt,
    beforeMs: after.call.inviteAt,
    calls: [before.call.id, after.call.id],
  };
}
