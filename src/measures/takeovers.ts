import type { Endpoint, EvidenceRef } from '../evidence/types.js';
import type { PlannedSharing } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import type { CallEvidence } from './calls.js';
import { holesOf } from './holes.js';
import { intersection, longestMs, type Interval } from './intervals.js';
import type { Truth } from './truth.js';
import type { CallMeasure } from './types.js';

/** What came of a shared address when the node that had it lost its power. Times are ms on the lab axis. */
export interface Takeover {
  fault: string;
  /** What the address is called, who had it, and who was seen to send from it afterwards; null if nobody was. */
  shared: string;
  from: string;
  to: string | null;
  cutAt: number;
  takenAt: number | null;
  /** Calls that were up when the power went. */
  calls: KeptCall[];
  evidence: EvidenceRef[];
}

export interface KeptCall {
  id: string;
  /** How much longer it was to be up, ms. */
  restMs: number;
  /** Longest time after the cut for which one side or both weren't heard, ms; null if it couldn't be listened to. */
  holeMs: number | null;
  /** Both sides heard each other in its last second, and it was not cut short. Null if it couldn't be listened to. */
  heardToTheEnd: boolean | null;
}

/** A call that ends this much before its time was cut short; own. */
const CUT_SHORT_MS = 1000;
/** A hole up to this is good enough for a caller (docs/measures.md §1): also one that the end of a call falls into. */
const TOLERABLE_HOLE_MS = 1000;

/** Who has a shared address sends something from it at least this often: own. Probes alone go out each second or so. */
const SILENT_MS = 2000;

/** One for each time that a node lost its power that had a shared address just then, in order of time. */
export function measureTakeovers(
  plan: Plan,
  truth: Truth,
  index: CallEvidence,
  calls: readonly CallMeasure[],
): Takeover[] {
  return truth.faults.flatMap(({ fault, fromMs, toMs }): Takeover[] => {
    const shared = plan.lab.shared?.find(({ nodes }) => nodes.includes(fault.target));
    if (fault.kind !== 'power' || !shared) return [];
    // Who stood by loses nothing that could be taken over.
    const before = { startMs: fromMs - SILENT_MS, endMs: fromMs };
    if (!firstFromShared(shared, [fault.target], before, index)) return [];
    const others = shared.nodes.filter((node) => node !== fault.target);
    const taken = firstFromShared(shared, others, { startMs: fromMs, endMs: toMs }, index);
    return [
      {
        fault: fault.id,
        shared: shared.name,
        from: fault.target,
        to: taken?.node ?? null,
        cutAt: fromMs,
        takenAt: taken?.ref.atMs ?? null,
        calls: calls.flatMap((call) => keptCall(plan, call, fromMs)),
        evidence: taken
          ? [{ ...taken.ref, note: `${taken.node} sends from the address of ${shared.name}` }]
          : [],
      },
    ];
  });
}

/** The first SIP or RTP in a time that one of some nodes sent from a shared address, by its own captures. */
function firstFromShared(
  { addresses }: PlannedSharing,
  nodes: readonly string[],
  { startMs, endMs }: Interval,
  { sip, streams }: CallEvidence,
): { node: string; ref: { file: string; frame: number; atMs: number } } | undefined {
  const isThen = (atMs: number) => atMs >= startMs && atMs < endMs;
  const isOfThem = (node: string, { address }: Endpoint) =>
    nodes.includes(node) && addresses.includes(address);
  const messages = [...sip.values()]
    .flat()
    .filter(({ seen, src }) => seen.sent && isOfThem(seen.node, src) && isThen(seen.atMs))
    .map(({ seen: { node, file, frame, atMs } }) => ({ node, ref: { file, frame, atMs } }));
  const media = [...streams.sent.values()]
    .flat()
    .filter(({ node, src }) => isOfThem(node, src))
    .flatMap(({ node, file, frame, atMs }) => {
      const first = atMs.findIndex(isThen);
      return first < 0 ? [] : [{ node, ref: { file, frame: frame[first] ?? 1, atMs: atMs[first] ?? 0 } }];
    });
  return [...messages, ...media].sort((one, other) => one.ref.atMs - other.ref.atMs)[0];
}

function keptCall(plan: Plan, call: CallMeasure, cutAt: number): KeptCall[] {
  const { id, answeredAt, endedAt } = call;
  const holdMs = plan.calls.find((planned) => planned.id === id)?.holdMs;
  if (answeredAt === null || holdMs === undefined || answeredAt >= cutAt || answeredAt + holdMs <= cutAt)
    return [];
  const restMs = answeredAt + holdMs - cutAt;
  const all = holesOf(call);
  if (all === null || endedAt === null) return [{ id, restMs, holeMs: null, heardToTheEnd: null }];
  const holes = intersection(all, [{ startMs: cutAt, endMs: endedAt }]);
  const isLost = holes.some(
    ({ startMs, endMs }) => endMs > endedAt - TOLERABLE_HOLE_MS && endMs - startMs > TOLERABLE_HOLE_MS,
  );
  const isCutShort = endedAt < answeredAt + holdMs - CUT_SHORT_MS;
  return [{ id, restMs, holeMs: longestMs(holes), heardToTheEnd: !isLost && !isCutShort }];
}
