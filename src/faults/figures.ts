import type { DirectionState } from '../emulator/contract.js';
import type { Impairment, Rate } from '../plan/impairment.js';
import type { EmulatorName } from '../plan/types.js';
import type { BurstSeries, ProbeSeries, ProofFigure } from '../runfolder/journal.js';
import { refusedFigure } from './cut-figures.js';
import { correlationFigures } from './correlation-figures.js';
import { expectedDelay, expectedMissing } from './expected.js';
import { impairmentMet } from './probe-match.js';
import { probed, unprovenFigure } from './probed.js';
import { corruptFigure, longestFigure, shareFigures } from './share-figures.js';
import { jitterFigures, slotFigures } from './time-figures.js';
import { meet, wilson, type Interval } from '../base/statistics.js';

/** How late the prober itself may be, from the control path; within these bounds whatever that says. */
const LEAST_NOISE_MS = 5;
const MOST_NOISE_MS = 15;
/** Clocks and timestamps: a packet never seems earlier than this. */
const EARLY_MS = 1;
/** Own: what headers and rounding may make of a rate. */
const RATE_TOLERANCE = 0.05;

/** What else is known when figures are worked out. */
export interface Surroundings {
  noiseMs: number;
  emulator: EmulatorName;
  /** Frames that the emulator says it lost on purpose in this direction since the state was set; null if it can't say. */
  lostByEmulator: number | null;
}

/** Lateness of the prober, from probes over a path that does nothing. */
export const noiseOf = (control: readonly ProbeSeries[]): number =>
  Math.min(
    MOST_NOISE_MS,
    Math.max(LEAST_NOISE_MS, ...control.map(({ delayP99Ms }) => delayP99Ms ?? MOST_NOISE_MS)),
  );

/** What a series of probes achieved beside what its direction was asked for. None for a profile: it has no one figure. */
export function figuresOf(series: ProbeSeries, state: DirectionState, around: Surroundings): ProofFigure[] {
  if (state.cut !== null)
    return [
      missing(series, { share: 1, correlation: 0, range: [1, 1] }, around),
      refusedFigure(series, state.cut),
    ];
  const impairment = impairmentMet(state, series.rule);
  if (!impairment) return [];
  switch (series.kind) {
    case 'too-long':
      return [{ ...missing(series, { share: 1, correlation: 0, range: [1, 1] }, around), what: 'too-long' }];
    case 'longest':
      return [longestFigure(series, impairment)];
    case 'bare':
      return [...corruptFigure(series, impairment), ...correlationFigures(series, impairment)];
    case 'plain':
      return [
        missing(series, expectedMissing(impairment), around),
        ...delayFigure(series, impairment, around.noiseMs),
        ...jitterFigures(series, impairment, around.emulator),
        ...shareFigures(series, impairment),
        ...slotFigures(series, impairment, series.spacingMs),
        ...correlationFigures(series, impairment),
      ];
  }
}

/** Nothing and everything are exact; a share in between must be in the interval, and told from nothing. */
function missing(
  series: ProbeSeries,
  { share, correlation, range }: ReturnType<typeof expectedMissing>,
  { lostByEmulator }: Surroundings,
): ProofFigure {
  const { sent, received } = series;
  const lost = sent - received;
  const independent = (1 - correlation) / (1 + correlation);
  const interval = sent === 0 ? null : scaledWilson(lost, sent, independent);
  const told = (interval !== null && interval[0] > 0 && lost > 0) || (lostByEmulator ?? 0) > 0;
  const holds =
    share === 1
      ? received === 0
      : share === 0 && range[1] === 0
        ? lost === 0
        : interval !== null && received > 0 && (share === 0 || told) && meet(interval, range);
  return {
    ...probed(series),
    what: 'missing',
    unit: 'share',
    requested: range,
    achieved: sent === 0 ? null : lost / sent,
    interval,
    holds,
  };
}

/** As if there were only so many packets as are independent. */
function scaledWilson(hits: number, n: number, independent: number): Interval {
  return wilson(hits * independent, n * independent);
}

function delayFigure(series: ProbeSeries, impairment: Impairment, noiseMs: number): ProofFigure[] {
  const { delayMs, delayIntervalMs } = series;
  if (delayMs === null || delayIntervalMs === null) return [];
  const [low, high] = expectedDelay(impairment);
  // Where packets sent at once can't be told from delayed ones, the median is anything between.
  const requested: Interval = [impairment.reorder && series.atOnce === null ? 0 : low, high];
  const interval: Interval = [Math.max(0, delayIntervalMs[0] - noiseMs), delayIntervalMs[1] + EARLY_MS];
  return [
    {
      ...probed(series),
      what: 'delay',
      unit: 'ms',
      requested: [requested[0], Number.isFinite(high) ? high : null],
      achieved: delayMs,
      interval,
      holds: meet(interval, requested),
    },
  ];
}

const rateRequested = (bitsPerS: number): Interval => [
  bitsPerS * (1 - RATE_TOLERANCE),
  bitsPerS * (1 + RATE_TOLERANCE),
];

export function rateFigure(burst: BurstSeries, bitsPerS: number): ProofFigure {
  const requested = rateRequested(bitsPerS);
  const { bitsPerS: interval } = burst;
  return {
    ...probed(burst),
    what: 'rate',
    unit: 'bit/s',
    requested,
    achieved: interval && interval[0],
    interval,
    holds: interval !== null && meet(interval, requested),
  };
}

/** The figure of a rate that nobody looked at. */
export function unprobedRate(
  one: { from: string; rule: number | null; rate: Rate },
  why: string,
): ProofFigure {
  const requested = rateRequested(one.rate.bitsPerS);
  return unprovenFigure({ ...probed(one), what: 'rate', unit: 'bit/s', requested }, why);
}
