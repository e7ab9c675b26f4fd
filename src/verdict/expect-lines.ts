import { count } from '../base/count.js';
import type { EvidenceRef } from '../evidence/types.js';
import { troublesOf, type CallLines } from '../measures/lines.js';
import { placedBetween, ROW, routedCalls } from '../measures/rows.js';
import { spanOf } from '../measures/truth.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { CITED } from '../evidence/cite.js';
import { undecided } from './expect-calls.js';
import { invalid, never, type Finding, type Measured } from './finding.js';
import type { ScopedCalls } from './scope.js';
import { inSeconds, satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

/** A call counts for a line if all of its media went by it, and for the backup if none went by the primary. */
export function judgeLineShare(
  { line, bound }: Of<'line-share'>,
  scoped: ScopedCalls,
  { plan, measures }: Measured,
): Finding {
  const answered = new Set(scoped.calls.flatMap(({ id, answeredAt }) => (answeredAt === null ? [] : [id])));
  if (answered.size === 0) return invalid(`No call was answered${scoped.where}, so no line can be told.`);
  const primary = plan.lab.lines?.[0]?.name;
  const calls = (measures.lines?.calls ?? []).filter(({ id }) => answered.has(id));
  const unknown = answered.size - calls.filter(({ media }) => media.length > 0).length;
  if (primary === undefined || unknown > 0)
    return invalid(`The line of ${count(unknown, 'answered call')}${scoped.where} can't be told.`);
  const isMeant = ({ media }: CallLines) =>
    media.every((use) => (use.line === primary) === (line === 'primary'));
  const meant = calls.filter(isMeant);
  const open = undecided(meant.length, calls.length, scoped, bound);
  if (open) return open;
  const share = meant.length / calls.length;
  return {
    verdict: satisfies(share, bound) ? 'pass' : 'fail',
    measured: share,
    summary: `${meant.length} of ${count(calls.length, 'answered call')}${scoped.where} went by the ${line} line.`,
    evidence: citing(calls.filter((one) => !isMeant(one))),
  };
}

const citing = (calls: readonly CallLines[]): EvidenceRef[] =>
  calls.slice(0, CITED).flatMap(({ media }) => media.map(({ evidence }) => evidence));

/** These speak of the whole run: the phase and the flow of the expectation don't narrow them. */
export function judgeLineFailover(
  { statistic, bound }: Of<'line-failover'>,
  { plan, truth, measures }: Measured,
): Finding {
  const [primary] = plan.lab.lines ?? [];
  const { lines } = measures;
  if (!lines || !primary) return invalid('What lines calls went by was not measured.');
  const routed = routedCalls(measures.calls);
  const trouble = spanOf(troublesOf(plan, truth, primary));
  const moved = new Set(lines.transitions.flatMap(({ calls }) => calls));
  const evidence = citing(lines.calls.filter(({ id }) => moved.has(id)));
  if (statistic === 'excess-transitions') {
    if (routed.length < ROW)
      return invalid(`${count(routed.length, 'call')} from the site are too few to tell.`);
    return {
      verdict: satisfies(lines.excessTransitions, bound) ? 'pass' : 'fail',
      measured: lines.excessTransitions,
      summary: `The site's calls moved ${count(lines.transitions.length, 'time')} between lines, ${lines.expectedTransitions} expected.`,
      evidence,
    };
  }
  if (!trouble) return invalid(`Nothing was wrong with ${primary.name}, so there was nothing to leave.`);
  const isAway = statistic === 'away-time';
  const tookMs = isAway ? lines.awayMs : lines.homeMs;
  const [fromMs, toMs] = isAway ? [trouble.fromMs, trouble.toMs] : [trouble.toMs, Infinity];
  const among = placedBetween(routed, fromMs, toMs);
  const what = isAway ? `keep off ${primary.name}` : `go by ${primary.name} alone`;
  if (tookMs === null && among.length < ROW)
    return invalid(`${count(among.length, 'call')} from the site are too few to tell.`);
  if (tookMs === null)
    return never(`No ${ROW} of ${among.length} calls from the site in a row ${what}.`, evidence.slice(-1));
  return {
    verdict: satisfies(tookMs, bound) ? 'pass' : 'fail',
    measured: tookMs,
    summary: `From ${inSeconds(tookMs)} after its ${isAway ? 'first fault' : 'last fault was over'}, calls from the site ${what}.`,
    evidence,
  };
}
