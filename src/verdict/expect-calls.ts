import { count } from '../base/count.js';
import type { EvidenceRef } from '../evidence/types.js';
import { primaryTrunk } from '../measures/path.js';
import type { CallMeasure } from '../measures/types.js';
import type { Bound, PlannedExpectation } from '../plan/planned-expectation.js';
import { CITED } from '../evidence/cite.js';
import { citeLast } from './cite-calls.js';
import { invalid, type Finding, type Measured } from './finding.js';
import { endedTooSoon } from './hang-up-words.js';
import { heardInPhase, type HeardInPhase } from './heard-in-phase.js';
import type { ScopedCalls } from './scope.js';
import { figure, satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

const citing = (calls: readonly CallMeasure[], what: string): EvidenceRef[] =>
  calls.slice(0, CITED).flatMap((call): EvidenceRef[] => {
    const { id, ears } = call;
    const note = `${id} ${what}`;
    const recording = ears?.caller.recording ?? ears?.callee.recording ?? null;
    return [...citeLast(call, what), ...(recording === null ? [] : [{ file: recording, note }])];
  });
const verdictOf = (value: number, bound: Bound) => (satisfies(value, bound) ? 'pass' : 'fail');
const isAnswered = ({ answeredAt }: CallMeasure): boolean => answeredAt !== null;

/**
 * A share speaks of all calls that were planned. Those that were never placed might have gone either way: null unless
 * that decides it.
 */
export function undecided(
  sum: number,
  of: number,
  { unplaced, where }: ScopedCalls,
  bound: Bound,
): Finding | null {
  const all = of + unplaced;
  const possible = new Set(
    [sum / of, sum / all, (sum + unplaced) / all].map((share) => verdictOf(share, bound)),
  );
  if (possible.size === 1) return null;
  return invalid(
    `${count(unplaced, 'call')} planned${where} ${unplaced === 1 ? 'was' : 'were'} never placed, and that leaves it open.`,
  );
}

/** One-way and dead calls. Calls whose ears could not be measured might be either: if they decide it, it's invalid. */
export function judgeCounts({ kind, bound }: Of<'one-way-audio' | 'dead-air'>, scoped: ScopedCalls): Finding {
  const heard = heardIn(scoped);
  if (heard.length === 0) return nothingHeard(scoped);
  const [name, of] =
    kind === 'one-way-audio'
      ? (['one-way', ({ oneWay }: HeardInPhase) => oneWay] as const)
      : (['dead', ({ deadAir }: HeardInPhase) => deadAir] as const);
  const bad = heard.filter((call) => of(call) === true).map(({ call }) => call);
  const unknown = heard.filter((call) => of(call) === null);
  const best = verdictOf(bad.length, bound);
  if (best !== verdictOf(bad.length + unknown.length, bound)) return unheard(unknown, scoped);
  return {
    verdict: best,
    measured: bad.length,
    summary: `${bad.length} of ${count(heard.length, 'answered call')}${scoped.where} had ${name === 'dead' ? 'dead air' : 'one-way audio'}.`,
    evidence: citing(bad, `is ${name}`),
  };
}

/** Answered calls, without those that the phase heard too little of to tell. */
const heardIn = ({ calls, phase }: ScopedCalls): HeardInPhase[] =>
  calls.filter(isAnswered).flatMap((call) => heardInPhase(call, phase) ?? []);

const unheard = (unknown: readonly HeardInPhase[], { where }: ScopedCalls): Finding =>
  endedTooSoon(
    unknown.map(({ call }) => call),
    where,
  ) ?? invalid(`${count(unknown.length, 'answered call')}${where} could not be listened to.`);

function nothingHeard({ calls, where }: ScopedCalls): Finding {
  return calls.some(isAnswered)
    ? invalid(`No answered call${where} was up for the 2 s that it takes to tell who was heard.`)
    : invalid(`No call was answered${where}, so there was nothing to hear.`);
}

export function judgeHeardShare({ bound }: Of<'heard-share'>, scoped: ScopedCalls): Finding {
  const answered = heardIn(scoped);
  if (answered.length === 0) return nothingHeard(scoped);
  const heard = answered.flatMap(({ call, heardShare: share }) => (share === null ? [] : [{ call, share }]));
  const unknown = answered.filter(({ heardShare }) => heardShare === null);
  if (unknown.length > 0) return unheard(unknown, scoped);
  const sum = heard.reduce((total, { share }) => total + share, 0);
  const open = undecided(sum, heard.length, scoped, bound);
  if (open) return open;
  const mean = sum / heard.length;
  const worst = heard.sort((a, b) => a.share - b.share).map(({ call }) => call);
  return {
    verdict: verdictOf(mean, bound),
    measured: mean,
    summary: `The worse ear of ${count(answered.length, 'answered call')}${scoped.where} heard ${figure(mean, 'share')} on average.`,
    evidence: citing(worst, 'was heard least'),
  };
}

export function judgeShares(
  expectation: Of<'answered-share' | 'trunk-share'>,
  scoped: ScopedCalls,
  { plan }: Measured,
): Finding {
  const { calls, where } = scoped;
  const { bound } = expectation;
  const answered = calls.filter(isAnswered);
  if (expectation.kind === 'answered-share') {
    const open = undecided(answered.length, calls.length, scoped, bound);
    if (open) return open;
    const share = answered.length / calls.length;
    return {
      verdict: verdictOf(share, bound),
      measured: share,
      summary: `${answered.length} of ${count(calls.length, 'call')}${where} were answered.`,
      evidence: citing(
        calls.filter((call) => !isAnswered(call)),
        'was not answered',
      ),
    };
  }
  if (answered.length === 0) return invalid(`No call was answered${where}, so no trunk can be told.`);
  const primary = primaryTrunk(plan)?.name;
  const unknown = answered.filter(({ trunk }) => trunk === null).length;
  if (unknown > 0) return invalid(`The trunk of ${count(unknown, 'answered call')}${where} can't be told.`);
  const isMeant = ({ trunk }: CallMeasure) => (trunk === primary) === (expectation.trunk === 'primary');
  const meant = answered.filter(isMeant);
  const open = undecided(meant.length, answered.length, scoped, bound);
  if (open) return open;
  const share = meant.length / answered.length;
  return {
    verdict: verdictOf(share, bound),
    measured: share,
    summary: `${meant.length} of ${count(answered.length, 'answered call')}${where} went by the ${expectation.trunk}.`,
    evidence: citing(
      answered.filter((call) => !isMeant(call)),
      'went another way',
    ),
  };
}
