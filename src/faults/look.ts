import { carrierOf } from '../base/linux/carrier.js';
import { monotonicMs } from '../base/linux/clock.js';
import { clearLink, type DirectionState, type Emulator, type LinkState } from '../emulator/contract.js';
import type { StartedLab } from '../lab/lab.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import type { CarrierReading } from './cut-figures.js';
import { openDials, type Dials } from './dials.js';
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

export interface LookOptions {
  ways: readonly Way[];
  netnsPath: (node: string) => string;
  size: (direction: DirectionState) => ProbeSize;
  signal: AbortSignal;
}

/** Sends probes once, over the link and the control path, with all that is looked at beside. */
export async function look(
  { plan, emulator }: ProofStage,
  link: PlannedLink,
  state: LinkState,
  { ways, netnsPath, size, signal }: LookOptions,
): Promise<Pick<Observation, 'carriers' | 'dials' | 'impaired' | 'control'>> {
  const control = controlLink(plan);
  const volleys = openVolleys(link, state, ways, size, netnsPath);
  const beside = () => alongside(volleys.map((volley) => volley.size));
  const controls = control ? openVolleys(control, clearLink, waysOver(plan, control), beside, netnsPath) : [];
  let dials: Dials[] = [];
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
    return { carriers, dials: dialled, impaired, control: controls.map((volley) => seriesOf(volley)) };
  } finally {
    for (const { stream } of [...volleys, ...controls]) stream[Symbol.dispose]();
    for (const dial of dials) dial[Symbol.dispose]();
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

/** As long as the longest, and no more than shows that the path is clear. */
function alongside(sizes: readonly ProbeSize[]): ProbeSize {
  const sendingMs = Math.max(0, ...sizes.map(({ count, spacingMs }) => count * spacingMs));
  const count = Math.min(300, Math.max(10, Math.floor(sendingMs / 10)));
  return { count, spacingMs: Math.max(1, sendingMs / count), graceMs: 400, train: 1 };
}
