import type { PlannedFault } from '../plan/planned-fault.js';
import type { PlannedTrunk } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { contains, union, type Interval } from './intervals.js';
import { primaryTrunk, trunkLinks, trunkNodes } from './path.js';

/** A fault as it really was. `toMs` is +∞ for one that was not healed; one that was never applied is left out. */
export interface AppliedFault {
  fault: PlannedFault;
  fromMs: number;
  toMs: number;
  /** When what it did was over too: a node's programs were ready again. The same as `toMs` for a link; +∞ if that never came. */
  overMs: number;
}

/** What was really done to the network, from the journal: H(t) of docs/measures.md §4. */
export interface Truth {
  /** In order of their start. */
  faults: AppliedFault[];
  /** What took the primary down, in order of their start: cuts on the way to its carrier, nodes there without power, the carrier frozen, or refusing every call. */
  primaryCuts: AppliedFault[];
  /** The same by outage: repeats of one entry of the timeline are one series, and series that overlap are one outage. */
  primaryOutages: { fromMs: number; toMs: number }[];
  /** When each trunk was cut off. */
  trunkDown: ReadonlyMap<string, Interval[]>;
}

export function injectedTruth(plan: Plan, journal: readonly JournalEntry[]): Truth {
  const timeOf = (event: 'fault-applied' | 'fault-healed', fault: string) =>
    journal.find((entry) => entry.event === event && entry.fault === fault)?.atMs;
  const faults = plan.faults
    .flatMap((fault): AppliedFault[] => {
      const fromMs = timeOf('fault-applied', fault.id);
      if (fromMs === undefined) return [];
      const toMs = timeOf('fault-healed', fault.id) ?? Infinity;
      return [{ fault, fromMs, toMs, overMs: overAt(fault, journal) ?? toMs }];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
  const cutsOf = (trunk: PlannedTrunk) =>
    faults
      .filter(({ fault }) => takesDown(plan, fault, trunk))
      .map((applied) => ({ ...applied, toMs: applied.overMs }));
  const primary = primaryTrunk(plan);
  const primaryCuts = primary ? cutsOf(primary) : [];
  return {
    faults,
    primaryCuts,
    primaryOutages: outagesOf(primaryCuts),
    trunkDown: new Map(plan.lab.trunks.map((trunk) => [trunk.name, union(cutsOf(trunk).map(toInterval))])),
  };
}

/** True if no call goes by the trunk while the fault holds. A frozen router still forwards: its kernel does that. */
function takesDown(plan: Plan, fault: PlannedFault, trunk: PlannedTrunk): boolean {
  if (fault.kind === 'cut') return trunkLinks(plan, trunk).includes(fault.target);
  if (fault.kind === 'freeze') return fault.target === trunk.carrier;
  if (fault.kind === 'answer') return fault.target === trunk.carrier && fault.invite !== null;
  return fault.kind === 'power' && trunkNodes(plan, trunk).includes(fault.target);
}

/** When a node or a program of it was ready again after a fault; +∞ if it should have been and wasn't, null if it need not. */
function overAt({ id, kind }: PlannedFault, journal: readonly JournalEntry[]): number | null {
  if (kind !== 'power' && kind !== 'crash') return null;
  const stages = journal.flatMap((entry) => (entry.event === 'boot' && entry.fault === id ? [entry] : []));
  if (stages.length === 0) return null;
  const done = stages.find(({ stage }) => stage === (kind === 'power' ? 'ready' : 'program'));
  return done?.atMs ?? Infinity;
}

/** Repeats of one entry of the timeline are one series, and series that overlap are one outage. */
export function outagesOf(cuts: readonly AppliedFault[]): Truth['primaryOutages'] {
  const series = new Map<number, AppliedFault[]>();
  for (const cut of cuts) series.set(cut.fault.entry, [...(series.get(cut.fault.entry) ?? []), cut]);
  const spans = [...series.values()].flatMap((some) => spanOf(some) ?? []);
  return union(spans.map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs }))).map(
    ({ startMs, endMs }) => ({
      fromMs: startMs,
      toMs: endMs,
    }),
  );
}

export const toInterval = ({ fromMs, toMs }: AppliedFault): Interval => ({ startMs: fromMs, endMs: toMs });

export const isDown = (truth: Truth, trunk: string, atMs: number): boolean =>
  contains(truth.trunkDown.get(trunk) ?? [], atMs);

/** From the first start to the last end; null for none. */
export function spanOf(faults: readonly AppliedFault[]): { fromMs: number; toMs: number } | null {
  const [first] = faults;
  if (!first) return null;
  return { fromMs: first.fromMs, toMs: Math.max(...faults.map(({ toMs }) => toMs)) };
}
