import type { Delay, Impairment, Loss } from '../../src/plan/impairment.js';
import { delayed, impaired, lossy } from '../fixtures/impairments.js';
import {
  type Finding,
  type PacketRecord,
  checkBurstLengths,
  checkCorrelation,
  checkDelay,
  checkDistribution,
  checkDuplicates,
  checkLongestDelay,
  checkLoss,
  checkOrder,
  checkRate,
  checkReordered,
  delaysOf,
  lossesOf,
} from './checks.js';
import { delayCdf, fourState, gilbert } from './models.js';
import type { TrafficPlan } from './traffic.js';

/** What an emulator has to do, and how it shows. The same for every emulator. */
export interface ConformanceCase {
  title: string;
  impairment: Impairment;
  traffic: Pick<TrafficPlan, 'count' | 'gapMs' | 'frameBytes' | 'settleMs'>;
  /** All must hold. */
  checks: (records: PacketRecord[]) => Finding[];
  /** None may hold: the same packets, held against something else. */
  controls: (records: PacketRecord[]) => Finding[];
}

/** How much time measuring adds, at worst, to most packets. */
const SLACK_MS = 1;

const paced = { frameBytes: 214, settleMs: 300 };
/** Slow enough for jitter to leave the order alone, so that the delays are those drawn. */
const spaced = { ...paced, count: 330, gapMs: 18 };
const many = { ...paced, count: 4000, gapMs: 1.5 };

const clear: ConformanceCase = {
  title: 'a clear link: nothing lost, nothing late',
  impairment: impaired({}),
  traffic: many,
  checks: (records) => [
    checkLoss(records, 0),
    checkDelay(records, 0, SLACK_MS),
    checkOrder(records),
    checkDuplicates(records, 0),
  ],
  controls: (records) => [
    checkLoss(records, 0.005),
    checkDelay(records, 2, SLACK_MS),
    checkDuplicates(records, 0.005),
  ],
};

const delay: ConformanceCase = {
  title: 'a constant delay of 25 ms',
  impairment: impaired(delayed(25)),
  traffic: { ...many, count: 1000 },
  checks: (records) => [checkDelay(records, 25, SLACK_MS), checkLoss(records, 0), checkOrder(records)],
  controls: (records) => [checkDelay(records, 26, SLACK_MS), checkDelay(records, 23, SLACK_MS)],
};

const jitter = (distribution: Delay['distribution'], jitterMs: number, correlation = 0): Delay => ({
  ms: 20,
  jitterMs,
  distribution,
  correlation,
});

const bimodal = { name: 'two humps', table: [-1, -0.9, -0.8, 0.8, 0.9, 1] };

function jitterCase(asked: Delay, other: Delay): ConformanceCase {
  const { distribution } = asked;
  const name = typeof distribution === 'string' ? distribution : `table "${distribution.name}"`;
  const compare = (records: PacketRecord[], delay: Delay) =>
    checkDistribution(delaysOf(records), delayCdf(delay), SLACK_MS);
  return {
    title: `a delay of 20 ms with jitter ${asked.jitterMs} ms, ${name}`,
    impairment: impaired({ delay: asked }),
    traffic: spaced,
    checks: (records) => [
      compare(records, asked),
      checkOrder(records),
      checkLoss(records, 0),
      checkCorrelation(delaysOf(records), 0),
    ],
    controls: (records) => [
      compare(records, other),
      compare(records, { ...asked, jitterMs: asked.jitterMs / 2 }),
      checkCorrelation(delaysOf(records), 0.6),
    ],
  };
}

const crowdedJitter: ConformanceCase = {
  title: 'order under jitter, with packets closer than the jitter',
  impairment: impaired({ delay: { ...jitter('normal', 6), ms: 30 } }),
  traffic: { ...many, count: 1000 },
  // Kept in order, a packet waits for the slowest in front of it: most take longer than the mean.
  checks: (records) => [checkOrder(records), checkLoss(records, 0), mostTake(records, 30)],
  controls: (records) => [checkDelay(records, 30, SLACK_MS), mostTake(records, 45)],
};

/** Whether more than half of the packets took longer than this. */
function mostTake(records: readonly PacketRecord[], ms: number): Finding {
  const delays = delaysOf(records);
  const slower = delays.filter((delay) => delay > ms).length;
  return { holds: slower > delays.length / 2, detail: `${slower} of ${delays.length} took over ${ms} ms` };
}

const randomLoss: ConformanceCase = {
  title: 'random loss of 5 %',
  impairment: impaired(lossy(0.05)),
  traffic: many,
  checks: (records) => [
    checkLoss(records, 0.05),
    checkBurstLengths(lossesOf(records), (n) => 0.95 * 0.05 ** (n - 1)),
  ],
  controls: (records) => [checkLoss(records, 0.08), checkBurstLengths(lossesOf(records), (n) => 0.5 ** n)],
};

const bursts: Extract<Loss, { kind: 'gilbert-elliott' }> = {
  kind: 'gilbert-elliott',
  p: 0.02,
  r: 0.25,
  h: 0,
  k: 1,
};

const gilbertLoss: ConformanceCase = {
  title: 'losses in bursts of four on average (Gilbert)',
  impairment: impaired({ loss: bursts }),
  traffic: many,
  checks(records) {
    const { share, burst, inflation } = gilbert(bursts);
    return [checkLoss(records, share, inflation), checkBurstLengths(lossesOf(records), burst)];
  },
  controls(records) {
    const { share, inflation } = gilbert({ ...bursts, p: 0.04 });
    return [
      checkLoss(records, share, inflation),
      checkBurstLengths(lossesOf(records), (n) => (1 - share) * share ** (n - 1)),
    ];
  },
};

const states: Extract<Loss, { kind: 'four-state' }> = {
  kind: 'four-state',
  p13: 0.02,
  p31: 0.3,
  p32: 0.2,
  p23: 0.4,
  p14: 0.01,
};

const fourStateLoss: ConformanceCase = {
  title: 'the 4-state loss model',
  impairment: impaired({ loss: states }),
  traffic: many,
  checks: (records) => [checkLoss(records, fourState(states).share, 6)],
  controls: (records) => [checkLoss(records, 2 * fourState(states).share, 6), checkLoss(records, states.p14)],
};

const duplicates: ConformanceCase = {
  title: 'duplicates of 5 %',
  impairment: impaired({ duplicate: { share: 0.05, correlation: 0 } }),
  traffic: many,
  checks: (records) => [checkDuplicates(records, 0.05), checkLoss(records, 0), checkOrder(records)],
  controls: (records) => [checkDuplicates(records, 0), checkDuplicates(records, 0.09)],
};

const corruption: ConformanceCase = {
  // A flipped bit breaks a checksum, and the kernel drops the packet; but for some bits of the header that it doesn't mind.
  title: 'corruption of 10 %, which checksums betray',
  impairment: impaired({ corrupt: { share: 0.1, correlation: 0 } }),
  traffic: many,
  checks: (records) => [checkLoss(records, 0.1)],
  controls: (records) => [checkLoss(records, 0), checkLoss(records, 0.15)],
};

const reordering: ConformanceCase = {
  title: 'reordering of 10 %',
  impairment: impaired({ ...delayed(20), reorder: { share: 0.1, correlation: 0, gap: 1 } }),
  traffic: { ...many, count: 2000 },
  checks: (records) => [checkReordered(records, 0.1), checkLoss(records, 0)],
  controls: (records) => [checkOrder(records), checkReordered(records, 0.2)],
};

const RATE_BITS = 1_000_000;

const slowLine: ConformanceCase = {
  title: 'a line of 1 Mbit/s with a queue of 120 ms, by throughput and by the time in the queue',
  impairment: impaired({ rate: { bitsPerS: RATE_BITS, burstBytes: 0, limitPackets: null, limitMs: 120 } }),
  traffic: { count: 600, gapMs: 2.5, frameBytes: 625, settleMs: 500 },
  checks: (records) => [
    checkRate(records, { bytes: 625, bitsPerS: RATE_BITS }),
    checkLongestDelay(records, 125, 8),
    checkOrder(records),
  ],
  controls: (records) => [
    checkRate(records, { bytes: 625, bitsPerS: 1.1 * RATE_BITS }),
    checkLongestDelay(records, 100, 8),
    checkLoss(records, 0),
  ],
};

export const conformanceCases: readonly ConformanceCase[] = [
  clear,
  delay,
  jitterCase(jitter('uniform', 8), jitter(bimodal, 8)),
  jitterCase(jitter('normal', 3), jitter('pareto', 3)),
  jitterCase(jitter('pareto', 3), jitter('normal', 3)),
  jitterCase(jitter('paretonormal', 3), jitter('normal', 3)),
  jitterCase(jitter(bimodal, 6), jitter('uniform', 6)),
  crowdedJitter,
  randomLoss,
  gilbertLoss,
  fourStateLoss,
  duplicates,
  corruption,
  reordering,
  slowLine,
];
