import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import type { Emulator, LinkState } from '../emulator/contract.js';
import type { Rate } from '../plan/impairment.js';
import type { PlannedLink } from '../plan/types.js';
import type { BurstSeries } from '../runfolder/journal.js';
import { impairmentMet, plainShape, ruleMet } from './probe-match.js';
import { ProbeStream, type Arrival } from './probe-stream.js';
import type { Way } from './sides.js';

const POLL_MS = 2;
/** Sent this much faster than the rate, so that what passes is the rate's doing. */
const OVERLOAD = 2;
/** What the prober can send. */
const MOST_BITS_PER_S = 16e6;
const MOST_RATE = MOST_BITS_PER_S / OVERLOAD;
const LEAST_MS = 400;
const LONGEST_MS = 2500;
const PACKETS_LEAST = 12;
/** IP length of a probe: of a voice packet, or of a full one. */
const SMALL_BYTES = 200;
const LARGE_BYTES = 1000;
const SMALL_BELOW_BITS_PER_S = 512e3;
/** Frames of others: the shortest and the longest on Ethernet. */
const OTHERS_BITS: [number, number] = [60 * 8, 1514 * 8];

export interface Burst {
  rate: Rate;
  rule: number | null;
  stream: ProbeStream;
  lengthMs: number;
  packets: number;
}

/** Bursts for the ways whose plain packets have a rate that can be outrun; `unproven` are those too fast for it. */
export function openBursts(
  link: PlannedLink,
  state: LinkState,
  ways: readonly Way[],
  netnsPath: (node: string) => string,
): { bursts: Burst[]; unproven: Way[] } {
  const bursts: Burst[] = [];
  const unproven: Way[] = [];
  for (const way of ways) {
    const direction = way.from === link.a.node ? state.aToB : state.bToA;
    if (direction.cut !== null) continue;
    using probe = ProbeStream.open(way, plainShape, netnsPath);
    const rule = probe ? ruleMet(direction, probe.header) : null;
    const rate = impairmentMet(direction, rule)?.rate;
    if (direction.rules.some(({ impairment }, index) => impairment.rate && index !== rule))
      unproven.push(way);
    if (!rate) continue;
    const ipBytes = rate.bitsPerS < SMALL_BELOW_BITS_PER_S ? SMALL_BYTES : LARGE_BYTES;
    const lengthMs = burstMs(rate, (ipBytes + 14) * 8);
    const stream = lengthMs === null ? null : ProbeStream.open(way, plainShape, netnsPath, ipBytes);
    if (!stream || lengthMs === null) {
      unproven.push(way);
      continue;
    }
    const packets = Math.ceil((OVERLOAD * rate.bitsPerS * lengthMs) / 1000 / stream.frameBits);
    bursts.push({ rate, rule, stream, lengthMs, packets });
  }
  return { bursts, unproven };
}

/** Long enough to empty the bucket and see some packets at the rate; null if that can't be had. */
function burstMs({ bitsPerS, burstBytes }: Rate, frameBits: number): number | null {
  const emptyMs = (burstBytes * 8000) / bitsPerS;
  const lengthMs = emptyMs + Math.max(LEAST_MS, (PACKETS_LEAST * frameBits * 1000) / bitsPerS);
  return bitsPerS > MOST_RATE || lengthMs > LONGEST_MS ? null : lengthMs;
}

export const burstDuration = (bursts: readonly Burst[]): number =>
  Math.max(0, ...bursts.map(({ lengthMs }) => 2 * lengthMs + LEAST_MS));

/** Sends all bursts at once and counts what passed, with all the other traffic that the emulator delivered meanwhile. */
export async function fireBursts(
  link: PlannedLink,
  bursts: readonly Burst[],
  emulator: Emulator,
  signal: AbortSignal,
): Promise<BurstSeries[]> {
  if (bursts.length === 0) return [];
  const before = await emulator.counters(link.name);
  const startMs = monotonicMs();
  const endMs = startMs + Math.max(...bursts.map(({ lengthMs }) => lengthMs));
  for (let nowMs = startMs; nowMs < endMs; nowMs = monotonicMs()) {
    for (const { stream, packets, lengthMs } of bursts) {
      const due = Math.min(packets, ((nowMs - startMs) / lengthMs) * packets);
      while (stream.sent < due) stream.send();
      stream.collect();
    }
    await delay(POLL_MS, undefined, { signal });
  }
  const after = await emulator.counters(link.name);
  const spanMs = monotonicMs() - startMs;
  return bursts.map(({ stream, rate, rule }): BurstSeries => {
    const { from } = stream.way;
    const way = from === link.a.node ? 'aToB' : 'bToA';
    const others = Math.max(0, after[way].delivered - before[way].delivered - stream.arrivals.length);
    const own = ratePassed(stream.arrivals, stream.frameBits, rate.burstBytes);
    const least = (bits: number) => (others * bits * 1000) / spanMs;
    return {
      link: link.name,
      from,
      rule,
      sent: stream.sent,
      received: stream.received,
      bitsPerS: own && [own[0] + least(OTHERS_BITS[0]), own[1] + least(OTHERS_BITS[1])],
    };
  });
}

/** Bits a second of what arrived after the bucket was empty, give or take the polling at either end; null if too little did. */
export function ratePassed(
  arrivals: readonly Arrival[],
  frameBits: number,
  bucketBytes: number,
): [low: number, high: number] | null {
  const steady = arrivals.slice(Math.ceil((bucketBytes * 8) / frameBits) + 1);
  const [first, last] = [steady[0], steady.at(-1)];
  if (!first || !last || steady.length < 3) return null;
  const bits = (steady.length - 1) * frameBits;
  const spanMs = last.atMs - first.atMs;
  const errorMs = 2 * POLL_MS;
  return [
    (bits * 1000) / (spanMs + errorMs),
    spanMs > errorMs ? (bits * 1000) / (spanMs - errorMs) : Infinity,
  ];
}
