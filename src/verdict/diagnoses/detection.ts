import { allowedDetectionMs } from '../../measures/detection-time.js';
import { spanOf, toInterval } from '../../measures/truth.js';
import { contains } from '../../measures/intervals.js';
import { primaryTrunk } from '../../measures/path.js';
import { routedCalls } from '../../measures/rows.js';
import { inSeconds } from '../words.js';
import { CITED, citeFaults, type Case, type RankedDiagnosis } from './case.js';

/** Late tries that make "kept being sent" (own). */
const KEPT = 3;

/** SLOW_DETECTION: calls kept being sent to the dead primary long after it had died. */
export function diagnoseDetection({ plan, truth, measures }: Case): RankedDiagnosis[] {
  const trunk = primaryTrunk(plan);
  if (trunk === null || !spanOf(truth.primaryCuts)) return [];
  const primary = trunk.name;
  const allowedMs = allowedDetectionMs(plan, trunk);
  const late = truth.primaryCuts
    .map(toInterval)
    .map(({ startMs, endMs }) => ({ startMs: startMs + allowedMs, endMs }));
  // Who had left the primary and came back to it too early noticed in time, and has another illness.
  const relapsed = new Set(measures.failover.prematureCalls.map(({ id }) => id));
  const tries = routedCalls(measures.calls)
    .filter(({ id }) => !relapsed.has(id))
    .flatMap(({ id, attempts }) => {
      const tried = attempts.find((one) => one.trunk === primary && contains(late, one.atMs));
      return tried ? [{ ...tried.evidence, atMs: tried.atMs, note: `${id} still tries ${primary}` }] : [];
    });
  if (tries.length < KEPT) return [];
  const [first] = late.map(({ startMs }) => startMs - allowedMs);
  const lastMs = Math.max(...tries.map(({ atMs }) => atMs)) - (first ?? 0);
  return [
    {
      code: 'SLOW_DETECTION',
      rank: 40,
      summary: `${tries.length} calls were still sent to ${primary} first, up to ${inSeconds(lastMs)} after it had gone dead; it should have been taken out within ${inSeconds(allowedMs)}.`,
      advice: `Check that the SBC probes ${primary} (OPTIONS interval and threshold), and that failed calls count against it.`,
      evidence: [...citeFaults(truth.primaryCuts), ...tries.slice(0, CITED), ...tries.slice(-1)],
    },
  ];
}
