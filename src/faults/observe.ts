import { monotonicMs } from '../base/linux/clock.js';
import type { Emulator, LinkState } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import type { ProofFigure } from '../runfolder/journal.js';
import { figureWords } from '../runfolder/proof-words.js';
import { burstDuration, fireBursts, openBursts } from './burst.js';
import { unprobedRate } from './figures.js';
import { look, type LookOptions, type ProofStage } from './look.js';
import { durationOf } from './probe-size.js';
import { proveState, type Observation } from './proof.js';
import { waysOver, type Way } from './sides.js';

interface ObserveOptions extends Pick<LookOptions, 'size' | 'signal'> {
  /** Time that there is beyond one look, ms: to look again, and for bursts. */
  spareMs: number;
}

/** A pause of the machine is over by the next look; a delay that is there is met by all of them. */
const MOST_LOOKS = 3;
/** By so much a look may take longer than it should. */
const SLACK_MS = 100;

/**
 * Sends probes over a link that is in this state, and over the control path; after them bursts, if there's time. A look
 * that a pause of the machine can have spoilt is taken again while there's time, and that is declared.
 */
export async function observe(
  stage: ProofStage,
  link: PlannedLink,
  state: LinkState,
  { size, spareMs, signal }: ObserveOptions,
): Promise<Observation> {
  const { plan, lab, emulator } = stage;
  const ways = waysOver(plan, link);
  const netnsPath = (node: string) => lab.node(node).netnsPath;
  const lookMs = Math.max(durationOf(size(state.aToB)), durationOf(size(state.bToA)));
  const endMs = monotonicMs() + lookMs + spareMs;
  const bare = withoutProbes(plan, link, state);
  const lookOnce = async () => ({
    ...bare,
    ...(await look(stage, link, state, { ways, netnsPath, size, signal })),
  });
  let seen: Observation = await lookOnce();
  const aside: string[] = [];
  while (aside.length + 1 < MOST_LOOKS && monotonicMs() + lookMs + SLACK_MS <= endMs) {
    const why = whyAgain(seen);
    if (why === null) break;
    try {
      seen = await lookOnce();
    } catch (error) {
      // The next change of the link came: what was seen before it stands.
      if (signal.aborted) return seen;
      throw error;
    }
    aside.push(`looked at once more, since ${why}`);
  }
  return {
    ...seen,
    declared: [...seen.declared, ...aside],
    ...(await outrun(link, state, emulator, { ways, netnsPath, burstMs: endMs - monotonicMs(), signal })),
  };
}

/**
 * Why a look says nothing of the link: all that is wrong of it is delays above what was asked for, if anything is, and the control
 * path lost probes if nothing is. Null for one that says something.
 */
export function whyAgain(seen: Observation): string | null {
  const wrong = proveState(seen).figures.filter(({ holds }) => holds === false);
  if (!wrong.every(isLate)) return null;
  if (wrong.length > 0)
    return `probes had come too late: ${wrong.map((figure) => figureWords(figure)).join('; ')}`;
  const unsteady = seen.control.find(({ sent, received }) => received < sent);
  return unsteady ? `the control path had lost ${unsteady.sent - unsteady.received} probes` : null;
}

const isLate = ({ what, interval, requested: [, most] }: ProofFigure): boolean =>
  what === 'delay' && interval !== null && most !== null && interval[0] > most;

/** Sends bursts over whatever has a rate, if there's time for them. */
async function outrun(
  link: PlannedLink,
  state: LinkState,
  emulator: Emulator,
  {
    ways,
    netnsPath,
    burstMs,
    signal,
  }: { ways: readonly Way[]; netnsPath: (node: string) => string; burstMs: number; signal: AbortSignal },
): Promise<Pick<Observation, 'bursts' | 'unprobed'>> {
  const { bursts, unprobed } = openBursts(link, state, ways, netnsPath);
  try {
    const neededMs = burstDuration(bursts);
    if (neededMs <= burstMs) return { bursts: await fireBursts(link, bursts, emulator, signal), unprobed };
    const seconds = (ms: number) => (Math.max(0, ms) / 1000).toFixed(1);
    const why = `it takes ${seconds(neededMs)} s, and ${seconds(burstMs)} s are left before the next change`;
    return { bursts: [], unprobed: [...unprobed, ...bursts.map((burst) => unprobedRate(burst, why))] };
  } finally {
    for (const { stream } of bursts) stream[Symbol.dispose]();
  }
}

/** What is known of a link without any probe. */
export function withoutProbes({ emulator }: Plan, link: PlannedLink, state: LinkState): Observation {
  const courses = [state.aToB.profile, state.bToA.profile].filter((profile) => profile !== null);
  const words = courses.map(
    ({ name, source }) =>
      `${name} changes by itself (${source}): proven by what was dropped or held from begin to end, its probes are of its begin`,
  );
  return {
    emulator,
    link,
    state,
    impaired: [],
    control: [],
    bursts: [],
    carriers: [],
    dials: [],
    unprobed: [],
    counted: [],
    lostByEmulator: new Map(),
    declared: [...new Set(words)],
  };
}
