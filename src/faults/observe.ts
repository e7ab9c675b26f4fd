import { carrierOf } from '../base/linux/carrier.js';
import { monotonicMs } from '../base/linux/clock.js';
import { clearLink, type DirectionState, type Emulator, type LinkState } from '../emulator/contract.js';
import type { StartedLab } from '../lab/lab.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import { burstDuration, fireBursts, openBursts } from './burst.js';
import type { CarrierReading } from './cut-figures.js';
import { openDials, type Dials } from './dials.js';
import { unprobedRate } from './figures.js';
import { othersPerMs } from './lane-traffic.js';
import { fire, seriesOf } from './probe.js';
import type { ProbeSize } from './probe-size.js';
import type { Observation } from './proof.js';
import { controlLink, directionFrom, waysOver, type Way } from './sides.js';
import { openVolleys } from './volleys.js';

/** What proofs are taken from and written to. */
export interface ProofStage {
  plan: Plan;
  lab: StartedLab;
  emulator: Emulator;
  journal: JournalWriter;
}

interface ObserveOptions {
  size: (direction: DirectionState) => ProbeSize;
  /** Time that there is for bursts after the probes. */
  burstMs: number;
  signal: AbortSignal;
}

/** Sends probes over a link that is in this state, and over the control path; after them bursts, if there's time. */
export async function observe(
  { plan, lab, emulator }: ProofStage,
  link: PlannedLink,
  state: LinkState,
  { size, burstMs, signal }: ObserveOptions,
): Promise<Observation> {
  const netnsPath = (node: string) => lab.node(node).netnsPath;
  const ways = waysOver(plan, link);
  const control = controlLink(plan);
  const volleys = openVolleys(link, state, ways, size, netnsPath);
  const beside = () => alongside(volleys.map((volley) => volley.size));
  const controls = control ? openVolleys(control, clearLink, waysOver(plan, control), beside, netnsPath) : [];
  let dials: Dials[] = [];
  let met: Pick<Observation, 'carriers' | 'dials' | 'impaired' | 'control'>;
  try {
    dials = openDials(link, state, ways, netnsPath);
    for (const dial of dials) dial.look();
    const carriers = readCarriers(link, state, netnsPath);
    const [before, startMs] = [await emulator.counters(link.name), monotonicMs()];
    await fire([...volleys, ...controls], signal);
    const [after, spanMs] = [await emulator.counters(link.name), monotonicMs() - startMs];
    const impaired = volleys.map((volley) => {
      const way = directionFrom(link, volley.stream.way.from);
      return seriesOf(volley, othersPerMs(volley, volleys, before[way], after[way], spanMs));
    });
    const dialled = dials.map((dial) => dial.look());
    met = { carriers, dials: dialled, impaired, control: controls.map((volley) => seriesOf(volley)) };
  } finally {
    for (const { stream } of [...volleys, ...controls]) stream[Symbol.dispose]();
    for (const dial of dials) dial[Symbol.dispose]();
  }
  return {
    ...withoutProbes(plan, link, state),
    ...met,
    ...(await outrun(link, state, emulator, { ways, netnsPath, burstMs, signal })),
  };
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
  }: { ways: Way[]; netnsPath: (node: string) => string; burstMs: number; signal: AbortSignal },
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

/** Of both ends of a link that is cut; nobody asks for them otherwise. */
function readCarriers(
  link: PlannedLink,
  { aToB, bToA }: LinkState,
  netnsPath: (node: string) => string,
): CarrierReading[] {
  const ends = aToB.cut === null && bToA.cut === null ? [] : [link.a, link.b];
  return ends.map((end) => {
    try {
      return { node: end.node, carrier: carrierOf(netnsPath(end.node), end.interface) };
    } catch {
      return { node: end.node, carrier: null };
    }
  });
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

/** As long as the longest, and no more than shows that the path is clear. */
function alongside(sizes: readonly ProbeSize[]): ProbeSize {
  const sendingMs = Math.max(0, ...sizes.map(({ count, spacingMs }) => count * spacingMs));
  const count = Math.min(300, Math.max(10, Math.floor(sendingMs / 10)));
  return { count, spacingMs: Math.max(1, sendingMs / count), graceMs: 400, train: 1 };
}
