import { count } from '../base/count.js';
import { callsThrough } from '../measures/power-cycles.js';
import { ROW } from '../measures/rows.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { invalid, never, type Finding, type Measured } from './finding.js';
import { cycleParts } from './power-words.js';
import { inSeconds, satisfies } from './words.js';

/** The longest power cycle decides. It speaks of the whole run: the phase and the flow of the expectation don't narrow it. */
export function judgePowerCycles(
  { bound }: Extract<PlannedExpectation, { kind: 'back-in-service' }>,
  { plan, measures }: Measured,
): Finding {
  const { calls } = measures;
  // A nameserver carries no call, and a backup may have had none.
  const powerCycles = measures.powerCycles.filter(({ node }) => callsThrough(plan, node, calls).length > 0);
  if (powerCycles.length === 0)
    return invalid('No node that carried calls lost its power, so none had to come back.');
  const open = powerCycles.filter(({ backMs }) => backMs === null);
  for (const { node, cutAt, onAt } of open) {
    const after = callsThrough(plan, node, calls).filter(
      ({ inviteAt }) => onAt !== null && (inviteAt ?? -1) >= onAt,
    );
    const unheard = after.filter(({ answeredAt, ears }) => answeredAt !== null && ears === null).length;
    if (onAt === null || unheard > 0 || after.length < ROW)
      return invalid(
        `${count(after.length, 'call')} by ${node} after its power was back are too few to tell.`,
      );
    return never(
      `${node} never came back: none of ${count(after.length, 'call')} by it was heard by both sides after its power had gone at ${inSeconds(cutAt)}.`,
      after.slice(-1).flatMap(({ evidence }) => evidence.slice(-1)),
    );
  }
  const longest = powerCycles.reduce((worst, one) => ((one.backMs ?? 0) > (worst.backMs ?? 0) ? one : worst));
  const { node, evidence } = longest;
  const backMs = longest.backMs ?? 0;
  return {
    verdict: satisfies(backMs, bound) ? 'pass' : 'fail',
    measured: backMs,
    summary: `${node} carried calls again ${inSeconds(backMs)} after it had lost its power (${cycleParts(longest)}).`,
    evidence,
  };
}
