import { count } from '../base/count.js';
import type { KeptCall } from '../measures/takeovers.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { citeCalls } from './cite-calls.js';
import { invalid, never, type Finding, type Measured } from './finding.js';
import { figure, inSeconds, satisfies } from './words.js';

/** What a call must still have before it to be followed: time for the takeover, and to be heard after it (own). */
const HEARD_AFTER_MS = 2000;

/** The worst takeover decides. It speaks of the whole run: the phase and the flow of the expectation don't narrow it. */
export function judgeTakeover(
  { statistic, bound, withinMs }: Extract<PlannedExpectation, { kind: 'takeover' }>,
  { measures: { takeovers, calls } }: Measured,
): Finding {
  const [first] = takeovers;
  if (!first) return invalid('No node lost its power that had a shared address just then.');
  const open = takeovers.find(({ takenAt }) => takenAt === null);
  if (open)
    return never(
      `Nobody took the address of ${open.shared} over after ${open.from} had lost its power at ${inSeconds(open.cutAt)}.`,
      calls
        .flatMap(({ inviteAt, evidence }) => ((inviteAt ?? 0) > open.cutAt ? evidence.slice(0, 1) : []))
        .slice(0, 1),
    );
  if (statistic === 'time') {
    const took = ({ takenAt, cutAt }: typeof first) => (takenAt ?? 0) - cutAt;
    const longest = takeovers.reduce((worst, one) => (took(one) > took(worst) ? one : worst));
    return {
      verdict: satisfies(took(longest), bound) ? 'pass' : 'fail',
      measured: took(longest),
      summary: `${longest.to} was seen to send from the address of ${longest.shared} ${inSeconds(took(longest))} after ${longest.from} had lost its power.`,
      evidence: longest.evidence,
    };
  }
  const followed = takeovers
    .flatMap((one) => one.calls)
    .filter((call) => call.restMs >= withinMs + HEARD_AFTER_MS);
  if (followed.length === 0)
    return invalid('No call was up that was to go on for long enough after the takeover to tell.');
  const unknown = followed.filter(({ heardToTheEnd }) => heardToTheEnd === null);
  if (unknown.length > 0)
    return invalid(`${count(unknown.length, 'call')} that were up could not be listened to.`);
  const isKept = ({ heardToTheEnd, holeMs }: KeptCall) =>
    heardToTheEnd === true && (holeMs ?? Infinity) <= withinMs;
  const lost = new Set(followed.filter((call) => !isKept(call)).map(({ id }) => id));
  const share = 1 - lost.size / followed.length;
  const longestMs = Math.max(...followed.filter(isKept).map(({ holeMs }) => holeMs ?? 0), 0);
  const hole = share > 0 ? `, after a silence of at most ${inSeconds(longestMs)}` : '';
  return {
    verdict: satisfies(share, bound) ? 'pass' : 'fail',
    measured: share,
    summary: `${followed.length - lost.size} of ${count(followed.length, 'call')} (${figure(share, 'share')}) that were up were heard by both sides to their end${hole}.`,
    evidence: citeCalls(
      calls.filter(({ id }) => lost.has(id)),
      'was not kept',
    ),
  };
}
