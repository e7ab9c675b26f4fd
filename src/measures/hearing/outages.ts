/** docs/measures.md §2, outage. */
const HEARD_WHEN_DOWN = 0.03;
const SWITCH = 1e-4;
const UP_RANGE = { least: 0.4, most: 0.98 };
/**
 * In runs shorter than this the voice may not come through for even a frame: there, two bursts of loss with a packet in
 * between can't be told from an outage in which something else sounded like the voice for a moment.
 */
const SURE_FRAMES = 25;
/** Of loss in which so much came through, each part is an outage or none; where less did, it's one. */
const TRICKLE = 0.1;
/** Least that is left of a run that had to be split: 100 ms. */
const LEAST_FRAMES = 5;
/** Where the estimate of P(heard | up) starts, and how often it is made anew. */
const FIRST_GUESS = 0.8;
const ROUNDS = 4;

/** A run of frames in which nothing was heard for longer than loss explains; `to` is exclusive. */
export interface DownRun {
  from: number;
  to: number;
}

/**
 * Tells outages from loss: the likeliest path through two states, up and down, over 20 ms frames (1 = heard).
 * P(heard | up) is estimated from the frames that were up. Before the first frame and after the last, it is taken
 * to be up, so that an outage at the edge needs as much evidence as one in the middle.
 * @param missing 1 for each frame for which no packet had come
 */
export function downRuns(heard: Uint8Array, missing: Uint8Array): DownRun[] {
  let heardWhenUp = FIRST_GUESS;
  let down = likeliestStates(heard, heardWhenUp);
  for (let round = 0; round < ROUNDS; round++) {
    const up = heard.filter((_, i) => down[i] === 0);
    if (up.length === 0) break;
    const share = up.reduce((sum, value) => sum + value, 0) / up.length;
    heardWhenUp = Math.min(UP_RANGE.most, Math.max(UP_RANGE.least, share));
    down = likeliestStates(heard, heardWhenUp);
  }
  return runsOf(down).flatMap((run) => {
    const isLoss = 2 * sumOf(missing, run) >= run.to - run.from;
    const isTrickle = isLoss && sumOf(heard, run) >= TRICKLE * (run.to - run.from);
    if (run.to - run.from < SURE_FRAMES || isTrickle)
      return unheardParts(heard, isLoss ? missing : null, run);
    return apartFromBursts(heard, missing, run);
  });
}

const sumOf = (values: Uint8Array, { from, to }: DownRun): number =>
  values.subarray(from, to).reduce((sum, value) => sum + value, 0);

/**
 * A burst of loss right before or after an outage, with the voice in between, is no part of it: where no packet came, what
 * is heard next to it is the voice, and not something that sounds like it for a moment.
 */
function apartFromBursts(heard: Uint8Array, missing: Uint8Array, run: DownRun): DownRun[] {
  const parts = partsOf(run, (i) => heard[i] === 0);
  // Frames don't lie on packets: one may be half of the next packet's.
  const isBurst = (part: DownRun): boolean =>
    part.to - part.from < SURE_FRAMES && sumOf(missing, part) >= part.to - part.from - 1;
  let [first, last] = [0, parts.length - 1];
  if (first < last && isBurst(parts[first]!)) first++;
  if (first < last && isBurst(parts[last]!)) last--;
  const rest = { from: parts[first]!.from, to: parts[last]!.to };
  if (rest.to - rest.from < SURE_FRAMES) return [run];
  return [...parts.slice(0, first), rest, ...parts.slice(last + 1)].filter(isLong);
}

/**
 * The run itself if nothing was heard in it, or else its parts without. If it was loss (`missing` is given), a packet that
 * came parts it too, even if too little of it could be heard.
 */
function unheardParts(heard: Uint8Array, missing: Uint8Array | null, run: DownRun): DownRun[] {
  const parts = partsOf(run, (i) => heard[i] === 0 && missing?.[i] !== 0);
  return parts.length <= 1 ? [run] : parts.filter(isLong);
}

const isLong = ({ from, to }: DownRun): boolean => to - from >= LEAST_FRAMES;

/** The parts of a run in which all frames are such. */
function partsOf(run: DownRun, isSuch: (frame: number) => boolean): DownRun[] {
  const such = new Uint8Array(run.to);
  for (let i = run.from; i < run.to; i++) such[i] = isSuch(i) ? 1 : 0;
  return runsOf(such);
}

/** Viterbi: 1 where the likelier state is down. */
function likeliestStates(heard: Uint8Array, heardWhenUp: number): Uint8Array {
  const stay = Math.log(1 - SWITCH);
  const change = Math.log(SWITCH);
  const cameFromDown = { up: new Uint8Array(heard.length), down: new Uint8Array(heard.length) };
  let up = 0;
  let down = -Infinity;
  for (let i = 0; i < heard.length; i++) {
    const isHeard = heard[i] === 1;
    const toUp = [up + stay, down + change] as const;
    const toDown = [up + change, down + stay] as const;
    cameFromDown.up[i] = toUp[1] > toUp[0] ? 1 : 0;
    cameFromDown.down[i] = toDown[1] > toDown[0] ? 1 : 0;
    up = Math.max(...toUp) + Math.log(isHeard ? heardWhenUp : 1 - heardWhenUp);
    down = Math.max(...toDown) + Math.log(isHeard ? HEARD_WHEN_DOWN : 1 - HEARD_WHEN_DOWN);
  }
  const states = new Uint8Array(heard.length);
  let state = down + change > up + stay ? 1 : 0;
  for (let i = heard.length - 1; i >= 0; i--) {
    states[i] = state;
    state = (state === 1 ? cameFromDown.down[i] : cameFromDown.up[i]) ?? 0;
  }
  return states;
}

function runsOf(down: Uint8Array): DownRun[] {
  const runs: DownRun[] = [];
  for (let i = 0; i < down.length; i++) {
    if (down[i] !== 1) continue;
    const last = runs.at(-1);
    if (last?.to === i) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  }
  return runs;
}
