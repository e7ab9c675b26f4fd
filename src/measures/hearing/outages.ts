/** docs/measures.md §2, outage. */
const HEARD_WHEN_DOWN = 0.03;
const SWITCH = 1e-4;
const UP_RANGE = { least: 0.4, most: 0.98 };
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
 */
export function downRuns(heard: Uint8Array): DownRun[] {
  let heardWhenUp = FIRST_GUESS;
  let down = likeliestStates(heard, heardWhenUp);
  for (let round = 0; round < ROUNDS; round++) {
    const up = heard.filter((_, i) => down[i] === 0);
    if (up.length === 0) break;
    const share = up.reduce((sum, value) => sum + value, 0) / up.length;
    heardWhenUp = Math.min(UP_RANGE.most, Math.max(UP_RANGE.least, share));
    down = likeliestStates(heard, heardWhenUp);
  }
  return runsOf(down);
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
