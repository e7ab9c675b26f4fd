import type { DirectionState, LinkState } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/types.js';
import type { FaultProof, ProbeSeries } from '../runfolder/journal.js';

/** Two-sided 99.9 %: with some twenty proofs a tour, one false alarm in fifty tours at worst. */
const Z = 3.29;
/** Scheduling of the prober itself: it looks for arrivals every 2 ms on a machine that is busy. */
const DELAY_SLACK_MS = 15;

/** Holds what probes met against what the link was told to do. */
export function proveState(
  link: PlannedLink,
  state: LinkState,
  impaired: ProbeSeries[],
  control: ProbeSeries[],
): FaultProof {
  const reasons: string[] = [];
  for (const series of impaired) {
    const direction = series.from === link.a.node ? state.aToB : state.bToA;
    const problem = contradiction(series, direction);
    if (problem) reasons.push(`${series.link} from ${series.from}: ${problem}`);
  }
  for (const series of control)
    if (series.received < series.sent)
      reasons.push(
        `control path ${series.link} from ${series.from} lost ${series.sent - series.received} probes`,
      );
  if (impaired.length === 0) reasons.push('no probe could be sent over the link');
  return {
    impaired,
    control,
    requested: `${link.a.node} → ${link.b.node} ${describe(state.aToB)}; ${link.b.node} → ${link.a.node} ${describe(state.bToA)}`,
    holds: reasons.length === 0,
    reason: reasons.length === 0 ? 'probes met what was asked for' : reasons.join('; '),
  };
}

/** Why a series of probes contradicts the state asked for, or null. */
function contradiction(series: ProbeSeries, asked: DirectionState): string | null {
  if (asked.cut !== null)
    return series.received === 0 ? null : `cut, yet ${series.received} of ${series.sent} probes arrived`;
  const lost = series.sent - series.received;
  const [low, high] = wilson(lost, series.sent);
  if (asked.lossShare === 0 ? lost > 0 : asked.lossShare < low || asked.lossShare > high)
    return `lost ${lost} of ${series.sent} probes where ${percent(asked.lossShare)} was asked for`;
  const { delayMs } = series;
  const spread = (asked.jitterMs / Math.sqrt(Math.max(1, series.received))) * Z;
  if (
    delayMs !== null &&
    (delayMs < asked.delayMs - spread - 1 || delayMs > asked.delayMs + spread + DELAY_SLACK_MS)
  )
    return `median delay ${delayMs.toFixed(1)} ms where ${asked.delayMs} ms was asked for`;
  return null;
}

/** Wilson's score interval for `hits` of `n` (Wilson 1927). */
export function wilson(hits: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1];
  const p = hits / n;
  const z2 = (Z * Z) / n;
  const centre = (p + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  return [centre - half, centre + half];
}

function describe(direction: DirectionState): string {
  if (direction.cut !== null) return `cut (${direction.cut})`;
  const { delayMs, jitterMs, lossShare } = direction;
  if (delayMs === 0 && lossShare === 0) return 'clear';
  return `delay ${delayMs} ± ${jitterMs} ms, loss ${percent(lossShare)}`;
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
