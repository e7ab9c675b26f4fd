import type { Delay } from '../../src/plan/impairment.js';
import { impaired } from '../fixtures/impairments.js';
import { type ConformanceCase, conformanceCases } from './cases.js';
import {
  type Finding,
  type PacketRecord,
  checkCorrelation,
  checkDistribution,
  checkLongestDelay,
  checkLoss,
  checkOrder,
  checkRate,
  delaysOf,
} from './checks.js';
import { delayCdf } from './models.js';

const FRAME_BYTES = 1014;
const RATE_BITS = 1_000_000;
const FRAME_MS = (FRAME_BYTES * 8000) / RATE_BITS;
/** Twice as fast as the line can take at first, then far more. */
const flood = { count: 250, gapMs: 0.5, frameBytes: FRAME_BYTES, settleMs: 600 };
const rate = { bitsPerS: RATE_BITS, burstBytes: 0, limitPackets: null, limitMs: null };
const speed = (bitsPerS: number) => (records: readonly PacketRecord[]) =>
  checkRate(records, { bytes: FRAME_BYTES, bitsPerS });

const queueOfPackets: ConformanceCase = {
  title: 'a line of 1 Mbit/s with a queue of 20 packets',
  impairment: impaired({ rate: { ...rate, limitPackets: 20 } }),
  traffic: flood,
  checks: (records) => [speed(RATE_BITS)(records), checkLongestDelay(records, 20 * FRAME_MS, FRAME_MS / 2)],
  controls: (records) => [
    speed(0.9 * RATE_BITS)(records),
    checkLongestDelay(records, 18 * FRAME_MS, FRAME_MS / 2),
  ],
};

const burst: ConformanceCase = {
  title: 'a line of 1 Mbit/s with a burst of 10 packets and a queue of 100 ms',
  impairment: impaired({ rate: { ...rate, burstBytes: 10 * FRAME_BYTES, limitMs: 100 } }),
  traffic: flood,
  checks: (records) => [atOnce(records, 10), checkLongestDelay(records, 100, FRAME_MS)],
  controls: (records) => [atOnce(records, 12), checkLongestDelay(records, 100 + 3 * FRAME_MS, FRAME_MS)],
};

/** Whether the first so many packets didn't wait. */
function atOnce(records: readonly PacketRecord[], count: number): Finding {
  const longest = Math.max(...delaysOf(records).slice(0, count));
  return { holds: longest < FRAME_MS, detail: `${longest.toFixed(1)} ms within the first ${count}` };
}

const twoHumps: Delay = {
  ms: 20,
  jitterMs: 6,
  distribution: { name: 'humps', table: [-1, -0.9, -0.8, 0.8, 0.9, 1] },
  correlation: 0,
};

/**
 * In place of the case that all emulators share: nothing is due between the humps, so that each packet that a busy machine
 * makes late by more than the slack counts in full.
 */
const humps: ConformanceCase = {
  title: 'a delay of 20 ms with jitter 6 ms, by a table with two humps',
  impairment: impaired({ delay: twoHumps }),
  traffic: { count: 660, gapMs: 18, frameBytes: 214, settleMs: 300 },
  checks: (records) => [checkDistribution(delaysOf(records), delayCdf(twoHumps), 3), checkLoss(records, 0)],
  controls: (records) => [
    checkDistribution(delaysOf(records), delayCdf({ ...twoHumps, distribution: 'uniform' }), 3),
    checkDistribution(delaysOf(records), delayCdf({ ...twoHumps, jitterMs: 3 }), 3),
  ],
};

const hasTable = ({ impairment: { delay } }: ConformanceCase) => typeof delay?.distribution === 'object';

const fullLine: ConformanceCase = {
  title: 'a line so long that it holds 3000 packets',
  impairment: impaired({ delay: { ms: 2500, jitterMs: 0, distribution: 'uniform', correlation: 0 } }),
  traffic: { count: 3000, gapMs: 0.5, frameBytes: 214, settleMs: 3000 },
  checks: (records) => [checkLoss(records, 0), checkOrder(records)],
  controls: (records) => [checkLoss(records, 0.01)],
};

const correlated: Delay = { ms: 20, jitterMs: 8, distribution: 'uniform', correlation: 0.5 };

/** What approximationsByNetem says of it. */
const correlatedJitter: ConformanceCase = {
  title: 'correlated jitter, which netem draws with the right distribution and without the correlation',
  impairment: impaired({ delay: correlated }),
  traffic: { count: 660, gapMs: 18, frameBytes: 214, settleMs: 300 },
  checks: (records) => [
    checkDistribution(delaysOf(records), delayCdf(correlated), 1),
    checkCorrelation(delaysOf(records), 0),
  ],
  controls: (records) => [
    checkDistribution(delaysOf(records), delayCdf({ ...correlated, jitterMs: 4 }), 1),
    checkCorrelation(delaysOf(records), correlated.correlation),
  ],
};

const slots: ConformanceCase = {
  title: 'slots of 60 ms',
  impairment: impaired({ slot: { minMs: 60, maxMs: 60, packets: null } }),
  traffic: { count: 400, gapMs: 5, frameBytes: 214, settleMs: 300 },
  checks: (records) => [checkHeaps(records, 60), checkLoss(records, 0), checkOrder(records)],
  controls: (records) => [checkHeaps(records, 40), checkHeaps(records, 80)],
};

/** Whether packets arrive in heaps so far apart, most of the time. */
function checkHeaps(records: readonly PacketRecord[], ms: number): Finding {
  const times = records.flatMap(({ receivedMs }) => receivedMs ?? []).sort((one, other) => one - other);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  const between = gaps.filter((gap) => gap > 20).sort((one, other) => one - other);
  const median = between[between.length >> 1] ?? 0;
  return { holds: Math.abs(median - ms) <= 6, detail: `heaps ${median.toFixed(1)} ms apart, for ${ms}` };
}

const mtu = (frameBytes: number, share: number): ConformanceCase => ({
  title: `${frameBytes - 14} bytes of IP with an MTU of 900`,
  impairment: impaired({ mtuBytes: 900 }),
  traffic: { count: 20, gapMs: 1, frameBytes, settleMs: 200 },
  checks: (records) => [checkLoss(records, share)],
  controls: (records) => [checkLoss(records, 1 - share)],
});

/**
 * No seed fixes netem's draws, so that a control needs more packets to fail surely: twice as many where their delays are
 * drawn, four times as many, and closer together, where it's about shares.
 */
function withMorePackets(each: ConformanceCase): ConformanceCase {
  const { delay, loss, duplicate, corrupt } = each.impairment;
  const { traffic } = each;
  if (loss ?? duplicate ?? corrupt)
    return { ...each, traffic: { ...traffic, count: 4 * traffic.count, gapMs: 0.4 } };
  return delay && traffic.gapMs >= 10 ? { ...each, traffic: { ...traffic, count: 2 * traffic.count } } : each;
}

/** What every emulator has to do, and what's in danger where netem's stages meet. */
export const netemCases: readonly ConformanceCase[] = [
  ...conformanceCases.filter((each) => !hasTable(each)).map(withMorePackets),
  humps,
  queueOfPackets,
  burst,
  fullLine,
  correlatedJitter,
  slots,
  mtu(914, 0),
  mtu(915, 1),
];
