import type { DirectionCounters } from '../emulator/contract.js';
import { ruleMet } from './probe-match.js';
import type { Volley } from './volleys.js';

/**
 * Packets per ms, beside the probes', that met the same impairment as this volley's; 0 where the emulator can't tell.
 *
 * @param before, after what the emulator had counted of the direction by then, `spanMs` apart
 */
export function othersPerMs(
  volley: Volley,
  all: readonly Volley[],
  before: DirectionCounters,
  after: DirectionCounters,
  spanMs: number,
): number {
  const rule = ruleOf(volley);
  const own = all
    .filter(({ stream, link }) => link === volley.link && stream.way.from === volley.stream.way.from)
    .filter((other) => ruleOf(other) === rule)
    .reduce((sum, { stream }) => sum + stream.sent, 0);
  return Math.max(0, decidedBy(rule, after) - decidedBy(rule, before) - own) / spanMs;
}

const ruleOf = ({ state, stream }: Volley): number | null => ruleMet(state, stream.header);

/** Frames that a rule decided about, or that none did. */
function decidedBy(rule: number | null, { received, matched }: DirectionCounters): number {
  const byRules = matched ?? [];
  return rule === null ? received - byRules.reduce((sum, count) => sum + count, 0) : (byRules[rule] ?? 0);
}
