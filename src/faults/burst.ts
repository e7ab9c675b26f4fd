import { setTimeout as delay } from 'node:timers/promises';
import { ETHERNET_BYTES } from '../base/headers.js';
import { monotonicMs } from '../base/linux/clock.js';
import { quantile } from '../base/statistics.js';
import type { DirectionState, Emulator, LinkState } from '../emulator/contract.js';
import type { Rate } from '../plan/impairment.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import { bitRateWords } from '../plan/words.js';
import type { BurstSeries, ProofFigure } from '../runfolder/journal.js';
import { unprobedRate } from './figures.js';
import { impairmentMet, plainShape, ruleMet, shapeFor, type ProbeShape } from './probe-match.js';
import { ProbeStream, type Arrival } from './probe-stream.js';
import { OTHERS_BITS } from './queue-figures.js';
import { directionFrom, type Way } from './sides.js';

const POLL_MS = 2;
/** Sent this much faster than the rate, so that what passes is the rate's doing. */
const OVERLOAD = 2;
/** While the bucket empties the rate fills it again: so many times what it holds has passed when it's empty. */
const BEFORE_EMPTY = OVERLOAD / (OVERLOAD - 1);
/** What the prober can send. */
const MOST_BITS_PER_S = 100e6;
const MOST_RATE = MOST_BITS_PER_S / OVERLOAD;
const LEAST_MS = 400;
const LONGEST_MS = 2500;
const PACKETS_LEAST = 12;
/** IP length of a probe: of a voice packet, or of a full one. */
const SMALL_BYTES = 200;
const LARGE_BYTES = 1400;
const SMALL_BELOW_BITS_PER_S = 512e3;

export interface Burst {
  from: string;
  rate: Rate;
  rule: number | null;
  stream: ProbeStream;
  lengthMs: number;
  packets: number;
}

/**
 * Bursts for every rate that packets of the lab's own can meet and outrun; `unprobed` are the rates that they can't, and why.
 * Sockets are opened for them: no other probes may be open.
 */
export function openBursts(
  link: PlannedLink,
  state: LinkState,
  ways: readonly Way[],
  netnsPath: (node: string) => string,
): { bursts: Burst[]; unprobed: ProofFigure[] } {
  const bursts: Burst[] = [];
  const unprobed: ProofFigure[] = [];
  for (const way of ways) {
    const direction = state[directionFrom(link, way.from)];
    for (const { rule, shape } of direction.cut === null ? meetable(direction, way) : []) {
      const { rate = null, mtuBytes = null } = impairmentMet(direction, rule) ?? {};
      if (!rate) continue;
      const { from } = way;
      const whole = rate.bitsPerS < SMALL_BELOW_BITS_PER_S ? SMALL_BYTES : LARGE_BYTES;
      const ipBytes = Math.min(whole, mtuBytes ?? Infinity);
      const { lengthMs, why } = burstMs(rate, (ipBytes + ETHERNET_BYTES) * 8);
      const stream =
        shape && why === null
          ? openMeeting(direction, rule, () => ProbeStream.open(way, shape, netnsPath, { ipBytes }))
          : null;
      if (!stream) {
        const reason = shape === null ? 'no probe is such a packet' : (why ?? 'no port for it is free');
        unprobed.push(unprobedRate({ from, rule, rate }, reason));
        continue;
      }
      const packets = Math.ceil((OVERLOAD * rate.bitsPerS * lengthMs) / 1000 / stream.frameBits);
      bursts.push({ from, rate, rule, stream, lengthMs, packets });
    }
  }
  return { bursts, unprobed };
}

/** A stream whose packets meet this rule, whatever port they got; null if there's none. */
function openMeeting(
  direction: DirectionState,
  rule: number | null,
  open: () => ProbeStream | null,
): ProbeStream | null {
  const stream = open();
  if (!stream || ruleMet(direction, stream.header) === rule) return stream;
  stream[Symbol.dispose]();
  return null;
}

/** What packets may meet in a direction, and what a probe must look like to meet it; null if none can. */
function meetable(direction: DirectionState, way: Way): { rule: number | null; shape: ProbeShape | null }[] {
  const ephemeral = { source: way.sender.address, destination: way.receiver.address, ...plainShape };
  const plain = ruleMet(direction, ephemeral);
  return [
    { rule: plain, shape: plainShape },
    ...direction.rules.flatMap(({ match }, rule) =>
      rule === plain ? [] : [{ rule, shape: shapeFor(match, way) }],
    ),
  ];
}

/** Long enough to empty the bucket and see some packets at the rate, or why that can't be had. */
function burstMs(
  { bitsPerS, burstBytes }: Rate,
  frameBits: number,
): { lengthMs: number; why: string | null } {
  const emptyMs = (burstBytes * 8000) / bitsPerS;
  const lengthMs = emptyMs + Math.max(LEAST_MS, (PACKETS_LEAST * frameBits * 1000) / bitsPerS);
  const why =
    bitsPerS > MOST_RATE
      ? `the prober sends at most ${bitRateWords(MOST_BITS_PER_S)}`
      : lengthMs > LONGEST_MS
        ? `a burst that shows it takes ${(lengthMs / 1000).toFixed(1)} s`
        : null;
  return { lengthMs, why };
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
  const looks: number[] = [];
  for (let nowMs = startMs; nowMs < endMs; nowMs = monotonicMs()) {
    looks.push(nowMs - startMs);
    for (const { stream, packets, lengthMs } of bursts) {
      const due = Math.min(packets, ((nowMs - startMs) / lengthMs) * packets);
      while (stream.sent < due) stream.send();
      stream.collect();
    }
    await delay(POLL_MS, undefined, { signal });
  }
  const after = await emulator.counters(link.name);
  const spanMs = monotonicMs() - startMs;
  return bursts.map(({ stream, rate, rule, lengthMs }): BurstSeries => {
    const { from } = stream.way;
    const way = directionFrom(link, from);
    const others = Math.max(0, after[way].delivered - before[way].delivered - stream.arrivals.length);
    const idleMs = longestIdle(looks, queueMs(rate, stream.frameBits));
    const own = ratePassed(stream.arrivals, stream.frameBits, BEFORE_EMPTY * rate.burstBytes, idleMs);
    const least = (bits: number) => (others * bits * 1000) / spanMs;
    return {
      link: link.name,
      from,
      rule,
      sent: stream.sent,
      received: stream.received,
      bitsPerS: own && [own[0] + least(OTHERS_BITS[0]), own[1] + least(OTHERS_BITS[1])],
      lengthMs,
      idleMs,
      frameBits: stream.frameBits,
      arrived: stream.arrivals.length,
      others,
      spanMs: spanOf(stream.arrivals),
      fullWaitMs: fullWait(stream.arrivals),
    };
  });
}

const spanOf = (arrivals: readonly Arrival[]): number | null => {
  const [first, last] = [arrivals[0], arrivals.at(-1)];
  return first && last && arrivals.length > 1 ? last.atMs - first.atMs : null;
};

/** Behind a full queue all wait the same: a few that a pause of the machine held up don't count, nor do a few that found room. */
function fullWait(arrivals: readonly Arrival[]): number | null {
  const last = arrivals.slice(Math.ceil((arrivals.length * 2) / 3)).map(({ delayMs }) => delayMs);
  return quantile(
    last.sort((a, b) => a - b),
    0.75,
  );
}

const queueMs = ({ bitsPerS, limitMs, limitPackets }: Rate, frameBits: number): number =>
  Math.min(
    limitMs ?? Infinity,
    limitPackets === null ? Infinity : (limitPackets * frameBits * 1000) / bitsPerS,
  );

/**
 * How long the queue can have stood empty because the prober got no time to fill it: of each pause what is longer than the
 * queue was by then, which grows as fast as time, since twice the rate is sent.
 */
export function longestIdle(looksMs: readonly number[], longestQueueMs: number): number {
  return looksMs.slice(1).reduce((idleMs, lookMs, index) => {
    const beforeMs = looksMs[index] ?? 0;
    return idleMs + Math.max(0, lookMs - beforeMs - Math.min(longestQueueMs, beforeMs) - POLL_MS);
  }, 0);
}

/**
 * Bits a second of what arrived after the bucket was empty, which lets pass so many bytes until then, give or take the polling at either end, and at most what it
 * would have been without the time that nothing was there to send; null if too little arrived.
 */
export function ratePassed(
  arrivals: readonly Arrival[],
  frameBits: number,
  bytesBefore: number,
  idleMs = 0,
): [low: number, high: number] | null {
  const steady = arrivals.slice(Math.ceil((bytesBefore * 8) / frameBits) + 1);
  const [first, last] = [steady[0], steady.at(-1)];
  if (!first || !last || steady.length < 3) return null;
  const bits = (steady.length - 1) * frameBits;
  const spanMs = last.atMs - first.atMs;
  const errorMs = 2 * POLL_MS;
  return [
    (bits * 1000) / (spanMs + errorMs),
    spanMs > errorMs + idleMs ? (bits * 1000) / (spanMs - errorMs - idleMs) : Infinity,
  ];
}
