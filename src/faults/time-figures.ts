import { meet, Z, type Interval } from '../base/statistics.js';
import type { Delay, Impairment, Slot } from '../plan/impairment.js';
import type { EmulatorName } from '../plan/types.js';
import type { JitterSight, ProbeSeries, ProofFigure } from '../runfolder/journal.js';
import { probed, unprovenFigure } from './probed.js';

/** What an emulator may be late or early by where it has the time that it needs. */
const LATE_MS = 1;
/** How much of a slot's length lies between two probes at most, so that none is passed over. */
const PROBES_PER_SLOT = 2;
const NOT_JITTER = 'slots, a rate or overtaking that can’t be told apart make the delays vary too';
const FEW = 'too few arrived to tell';

/** Figures of how delays vary; none for an impairment that doesn't ask for it. */
export function jitterFigures(
  series: ProbeSeries,
  impairment: Impairment,
  emulator: EmulatorName,
): ProofFigure[] {
  const { delay } = impairment;
  if (!delay || delay.jitterMs === 0 || series.kind !== 'plain') return [];
  const { jitter } = series;
  const why = jitter === null ? (jitterAlone(impairment, series.atOnce) ? FEW : NOT_JITTER) : null;
  return [
    spreadFigure(series, delay, jitter, why),
    ...(delay.correlation > 0 ? [correlationFigure(series, delay, jitter, why, emulator)] : []),
  ];
}

/** Whether nothing but jitter makes delays vary. */
export const jitterAlone = ({ rate, slot, reorder }: Impairment, atOnce: number | null): boolean =>
  rate === null && slot === null && (reorder === null || atOnce !== null);

function spreadFigure(
  series: ProbeSeries,
  delay: Delay,
  jitter: JitterSight | null,
  why: string | null,
): ProofFigure {
  const base = { ...probed(series), what: 'jitter', unit: 'ms' } as const;
  if (jitter === null) return unprovenFigure({ ...base, requested: [0, 2 * delay.jitterMs] }, why ?? FEW);
  const { met, mean, deviation } = jitter.spreadMs;
  const room = Z * deviation + LATE_MS;
  const interval: Interval = [Math.max(0, met - room), met + room];
  const requested: Interval = [mean, mean];
  if (interval[0] === 0 && meet(interval, requested))
    return unprovenFigure({ ...base, requested }, 'it is too small to tell from none', {
      achieved: met,
      interval,
    });
  return { ...base, requested, achieved: met, interval, holds: meet(interval, requested) };
}

function correlationFigure(
  series: ProbeSeries,
  delay: Delay,
  jitter: JitterSight | null,
  why: string | null,
  emulator: EmulatorName,
): ProofFigure {
  const base = { ...probed(series), what: 'jitter-correlation', unit: 'correlation' } as const;
  if (jitter === null)
    return unprovenFigure({ ...base, requested: [delay.correlation, delay.correlation] }, why ?? FEW);
  const { met, mean, deviation } = jitter.correlation;
  const requested: Interval = [mean, mean];
  const interval: Interval = [Math.max(-1, met - Z * deviation), Math.min(1, met + Z * deviation)];
  const without = jitter.uncorrelated.mean;
  const isTold = without < interval[0] || without > interval[1];
  const reason =
    emulator === 'netem'
      ? 'neighbours hardly correlate on netem, which is declared'
      : meet(interval, requested) && !isTold
        ? `draws that don’t correlate come to ${without.toFixed(2)}, too near to tell with this traffic`
        : null;
  if (reason !== null) return unprovenFigure({ ...base, requested }, reason, { achieved: met, interval });
  return { ...base, requested, achieved: met, interval, holds: meet(interval, requested) };
}

/** Figures of packets that are released together; none without slots. `spacingMs`: between two probes. */
export function slotFigures(
  series: ProbeSeries,
  { slot, rate }: Impairment,
  spacingMs: number,
): ProofFigure[] {
  if (!slot || series.kind !== 'plain') return [];
  const { releases } = series;
  const base = { ...probed(series), what: 'slot', unit: 'ms' } as const;
  // With a count, other traffic may fill the slots in between; behind a rate, packets come when that lets them.
  const high = slot.packets === null && rate === null ? slot.maxMs + spacingMs + LATE_MS : null;
  const requested: [number, number | null] = [slot.minMs, high];
  const tooClose = slot.minMs < (slot.packets === null ? PROBES_PER_SLOT * spacingMs : 0) + LATE_MS;
  const { apartMs = null, intervalMs = null } = releases ?? {};
  if (apartMs === null || intervalMs === null || tooClose) {
    const reason = tooClose ? 'slots are too short for the prober' : FEW;
    return [unprovenFigure({ ...base, requested }, reason, { achieved: apartMs })];
  }
  const interval: Interval = [Math.max(0, intervalMs[0] - LATE_MS), intervalMs[1] + LATE_MS];
  const holds = meet(interval, [requested[0], high ?? Infinity]);
  return [{ ...base, requested, achieved: apartMs, interval, holds }, ...countFigure(series, slot)];
}

/** How many go in one slot: never more than asked for; only a slot that was filled proves it. */
function countFigure(series: ProbeSeries, { packets }: Slot): ProofFigure[] {
  const most = series.releases?.most ?? 0;
  if (packets === null) return [];
  const base = { ...probed(series), what: 'slot-packets', unit: 'packets' } as const;
  const requested: Interval = [1, packets];
  if (most < packets)
    return [unprovenFigure({ ...base, requested }, 'probes filled no slot', { achieved: most })];
  return [{ ...base, requested, achieved: most, interval: null, holds: most === packets }];
}
