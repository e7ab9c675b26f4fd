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

/**
 * Sends probes over a link that is in this state, and over the control path; after them bursts, if there's time. A look in
 * which nothing is wrong but that probes came too late is taken again while there's time, and that is declared.
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
  let seen: Observation;
  const late: string[] = [];
  for (;;) {
    seen = { ...bare, ...(await look(stage, link, state, { ways, netnsPath, size, signal })) };
    if (late.length + 1 === MOST_LOOKS || monotonicMs() + lookMs > endMs) break;
    const { figures } = proveState(seen);
    if (!isOnlyLate(figures)) break;
    const words = figures.filter(({ holds }) => holds === false).map((figure) => figureWords(figure));
    late.push(`looked at once more, since probes had come too late: ${words.join('; ')}`);
  }
  return {
    ...seen,
    declared: [...seen.declared, ...late],
    ...(await outrun(link, state, emulator, { ways, netnsPath, burstMs: endMs - monotonicMs(), signal })),
  };
}

/** Whether all that is wrong is delays above what was asked for. */
function isOnlyLate(figures: readonly ProofFigure[]): boolean {
  const wrong = figures.filter(({ holds }) => holds === false);
  return (
    wrong.length > 0 &&
    wrong.every(
      ({ what, interval, requested: [, most] }) =>
        what === 'delay' && interval !== null && most !== null && interval[0] > most,
    )
  );
}

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
