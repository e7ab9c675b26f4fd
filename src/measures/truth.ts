import type { Plan, PlannedFault } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { contains, union, type Interval } from './intervals.js';
import { primaryTrunk, trunkLinks } from './path.js';

/** A fault as it really was. `toMs` is +∞ for one that was not healed; one that was never applied is left out. */
export interface AppliedFault {
  fault: PlannedFault;
  fromMs: number;
  toMs: number;
}

/** What was really done to the network, from the journal: H(t) of docs/measures.md §4. */
export interface Truth {
  /** In order of their start. */
  faults: AppliedFault[];
  /** Cuts on the way to the primary carrier, in order of their start. */
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
      return [{ fault, fromMs, toMs: timeOf('fault-healed', fault.id) ?? Infinity }];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
  const cutsOf = (links: string[]) =>
    faults.filter(({ fault }) => fault.kind === 'cut' && links.includes(fault.target));
  const primary = primaryTrunk(plan);
  const primaryCuts = primary ? cutsOf(trunkLinks(plan, primary)) : [];
  return {
    faults,
    primaryCuts,
    primaryOutages: outagesOf(primaryCuts),
    trunkDown: new Map(
      plan.lab.trunks.map((trunk) => [trunk.name, union(cutsOf(trunkLinks(plan, trunk)).map(toInterval))]),
    ),
  };
}

function outagesOf(cuts: readonly AppliedFault[]): Truth['primaryOutages'] {
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
