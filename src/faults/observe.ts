import { clearLink, type DirectionState, type Emulator, type LinkState } from '../emulator/contract.js';
import type { StartedLab } from '../lab/lab.js';
import type { Plan, PlannedLink } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import { burstDuration, fireBursts, openBursts } from './burst.js';
import { fire, openVolleys, seriesOf } from './probe.js';
import type { ProbeSize } from './probe-size.js';
import type { Observation } from './proof.js';
import { controlLink, waysOver } from './sides.js';

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
  const { bursts, unproven } = openBursts(link, state, ways, netnsPath);
  try {
    await fire([...volleys, ...controls], signal);
    const fits = burstDuration(bursts) <= burstMs;
    const base = withoutProbes(link, state);
    const unprobed = [...unproven, ...(fits ? [] : bursts.map(({ stream }) => stream.way))];
    const from = [...new Set(unprobed.map((way) => way.from))].join(' and ');
    return {
      ...base,
      impaired: volleys.map(seriesOf),
      control: controls.map(seriesOf),
      bursts: fits ? await fireBursts(link, bursts, emulator, signal) : [],
      declared: [
        ...base.declared,
        ...(from === ''
          ? []
          : [`not every rate from ${from} was probed: it's too fast, for few packets, or there was no time`]),
      ],
    };
  } finally {
    for (const { stream } of [...volleys, ...controls, ...bursts]) stream[Symbol.dispose]();
  }
}

/** What is known of a link without any probe. */
export function withoutProbes(link: PlannedLink, state: LinkState): Observation {
  const courses = [state.aToB.profile, state.bToA.profile].filter((profile) => profile !== null);
  const words = courses.map(
    ({ name, source }) =>
      `${name} changes by itself (${source}): proven by what was dropped or held from begin to end, its probes are of its begin`,
  );
  return {
    link,
    state,
    impaired: [],
    control: [],
    bursts: [],
    counted: [],
    lostByEmulator: new Map(),
    declared: [...new Set(words)],
  };
}

/** As long as the longest, and no more than shows that the path is clear. */
function alongside(sizes: readonly ProbeSize[]): ProbeSize {
  const sendingMs = Math.max(0, ...sizes.map(({ count, spacingMs }) => count * spacingMs));
  const count = Math.min(300, Math.max(10, Math.floor(sendingMs / 10)));
  return { count, spacingMs: Math.max(1, sendingMs / count), graceMs: 400 };
}
