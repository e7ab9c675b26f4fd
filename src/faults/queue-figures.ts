import { LONGEST_FRAME_BYTES, SHORTEST_FRAME_BYTES } from '../base/headers.js';
import { meet, type Interval } from '../base/statistics.js';
import type { Impairment, Rate } from '../plan/impairment.js';
import type { EmulatorName } from '../plan/types.js';
import type { BurstSeries, ProofFigure } from '../runfolder/journal.js';
import { expectedDelay } from './expected.js';
import { probed, unprovenFigure } from './probed.js';

/** Frames of others: the shortest and the longest on Ethernet. */
export const OTHERS_BITS: Interval = [SHORTEST_FRAME_BYTES * 8, LONGEST_FRAME_BYTES * 8];
/** By so much arrival times are off. */
const CLOCK_MS = 2;
/** A rate may be off by this much where the bucket is worked out. */
const RATE_TOLERANCE = 0.02;
const BUCKET_TOLERANCE = 0.1;
/** The last third of what arrived has to have waited in a full queue. */
const FULL_BY = 2 / 3;

/** What a burst shows beyond the rate: the wait behind a full queue, and what passes before it bites. */
export const queueFigures = (
  burst: BurstSeries,
  impairment: Impairment,
  emulator: EmulatorName,
): ProofFigure[] =>
  impairment.rate === null
    ? []
    : [
        ...waitFigure(burst, impairment, impairment.rate, emulator),
        ...(impairment.rate.burstBytes > 0 ? [bucketFigure(burst, impairment.rate)] : []),
      ];

function waitFigure(
  burst: BurstSeries,
  impairment: Impairment,
  rate: Rate,
  emulator: EmulatorName,
): ProofFigure[] {
  const { limitMs, limitPackets, bitsPerS, burstBytes } = rate;
  if (limitMs === null && limitPackets === null) return [];
  const { frameBits, others, idleMs, lengthMs, fullWaitMs } = burst;
  const sendingMs = (bits: number) => (bits * 1000) / bitsPerS;
  const bits: Interval =
    others === 0
      ? [frameBits, frameBits]
      : [Math.min(frameBits, OTHERS_BITS[0]), Math.max(frameBits, OTHERS_BITS[1])];
  const packets = limitPackets ?? Infinity;
  // netem's queue is bound in bytes, the packet that asks for a place among them.
  const askingMs = emulator === 'netem' ? sendingMs(bits[1]) : 0;
  const shortestMs = Math.min((limitMs ?? Infinity) - askingMs, (packets - 1) * sendingMs(bits[0]));
  const atMostMs = Math.min(limitMs ?? Infinity, packets * sendingMs(bits[1])) + sendingMs(bits[1]);
  const [lowMs, highMs] = expectedDelay({ ...impairment, rate: null });
  const requested: Interval = [lowMs + shortestMs, highMs + atMostMs];
  const base = { ...probed(burst), what: 'queue', unit: 'ms', requested } as const;
  // At twice the rate the queue grows as fast as time; who finds it full arrives when it has waited as long once more.
  const waitMs = Math.min(limitMs ?? Infinity, packets * sendingMs(frameBits));
  const fullMs = sendingMs(burstBytes * 8) + 2 * waitMs;
  if (fullWaitMs === null || fullMs > lengthMs * FULL_BY) {
    const why = fullWaitMs === null ? 'too little arrived' : 'a longer burst would be needed to fill it';
    return [unprovenFigure(base, why, { achieved: fullWaitMs })];
  }
  const interval: Interval = [fullWaitMs - CLOCK_MS, fullWaitMs + CLOCK_MS + idleMs];
  return [{ ...base, achieved: fullWaitMs, interval, holds: meet(interval, requested) }];
}

/** By when the last one passed, the bucket and what the rate let through had passed: bucket = passed − rate · time. */
function bucketFigure(burst: BurstSeries, { bitsPerS, burstBytes }: Rate): ProofFigure {
  const { frameBits, others, arrived, spanMs } = burst;
  const requested: Interval = [
    burstBytes * (1 - BUCKET_TOLERANCE),
    Math.max(burstBytes * (1 + BUCKET_TOLERANCE), frameBits / 8),
  ];
  const base = { ...probed(burst), what: 'burst', unit: 'bytes', requested } as const;
  if (spanMs === null) return unprovenFigure(base, 'too little arrived');
  const byRate = (bitsPerS * spanMs) / 1000;
  const bytes = (passedBits: number, part: number) => Math.max(0, (passedBits - byRate * part) / 8);
  const interval: Interval = [
    bytes((arrived - 1) * frameBits, 1 + RATE_TOLERANCE),
    bytes(arrived * frameBits + others * OTHERS_BITS[1], 1 - RATE_TOLERANCE),
  ];
  const achieved = bytes(arrived * frameBits, 1);
  if (interval[0] === 0 && meet(interval, requested))
    return unprovenFigure(base, 'it is too small to tell from none', { achieved, interval });
  return { ...base, achieved, interval, holds: meet(interval, requested) };
}
