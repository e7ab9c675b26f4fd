import { count } from '../base/count.js';
import { hasCodecMismatch, isCodecRefusal } from '../measures/call-codecs.js';
import { isSameNumber } from '../measures/numbers.js';
import type { CallMeasure } from '../measures/types.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { CITED } from '../evidence/cite.js';
import { citeLast } from './cite-calls.js';
import { invalid, type Finding } from './finding.js';
import type { ScopedCalls } from './scope.js';
import { satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

/** Callers that got another final response than may be, or none. */
export function judgeResponseCodes(
  { only, bound }: Of<'response-codes'>,
  { calls, where }: ScopedCalls,
): Finding {
  const bad = calls.filter(({ finalStatus }) => finalStatus === null || !only.includes(finalStatus));
  const said = ({ finalStatus }: CallMeasure) => (finalStatus === null ? 'no answer' : String(finalStatus));
  const got = [...new Set(bad.map(said))].sort().join(', ');
  return {
    verdict: satisfies(bad.length, bound) ? 'pass' : 'fail',
    measured: bad.length,
    summary:
      bad.length === 0
        ? `All of ${count(calls.length, 'call')}${where} got ${only.join(' or ')}.`
        : `${bad.length} of ${count(calls.length, 'call')}${where} got ${got} where only ${only.join(' or ')} may be.`,
    evidence: bad.slice(0, CITED).flatMap((call) => citeLast(call, `got ${said(call)}`)),
  };
}

/** Calls that came to their callee; of the others nobody can say what would have come. */
export function judgeNumbers(
  { kind, bound }: Of<'caller-id-lost' | 'number-lost'>,
  { calls, where }: ScopedCalls,
): Finding {
  const came = calls.flatMap(({ id, numbers }) => (numbers ? [{ id, ...numbers }] : []));
  if (came.length === 0) return invalid(`No call${where} came to anyone, so no number can be compared.`);
  const name = kind === 'caller-id-lost' ? "the caller's number" : 'the number dialled';
  const pair = ({ caller, dialled }: (typeof came)[number]) => (kind === 'caller-id-lost' ? caller : dialled);
  const bad = came.filter((one) => !isSameNumber(pair(one)));
  const [first] = bad;
  const example = first
    ? `: ${pair(first).sent ?? 'nothing'} became ${pair(first).arrived ?? 'nothing'}`
    : '';
  return {
    verdict: satisfies(bad.length, bound) ? 'pass' : 'fail',
    measured: bad.length,
    summary: `${bad.length} of ${count(came.length, 'call')}${where} lost ${name}${example}.`,
    evidence: bad.slice(0, CITED).flatMap(({ evidence }) => evidence),
  };
}

/** Calls refused for their codecs, and answered ones in which a party got what it can't be expected to play. */
export function judgeCodecs({ bound }: Of<'codec-mismatch'>, { calls, where }: ScopedCalls): Finding {
  const told = calls.filter(({ codecs, finalStatus }) => codecs !== null || isCodecRefusal(finalStatus));
  if (told.length === 0) return invalid(`No call${where} got as far as having a codec.`);
  const bad = told.filter(hasCodecMismatch);
  const refused = bad.filter(({ finalStatus }) => isCodecRefusal(finalStatus)).length;
  return {
    verdict: satisfies(bad.length, bound) ? 'pass' : 'fail',
    measured: bad.length,
    summary: `${bad.length} of ${count(told.length, 'call')}${where} had the wrong codec${refused > 0 ? `, ${refused} were refused for it` : ''}.`,
    evidence: bad
      .slice(0, CITED)
      .flatMap((call) => call.codecs?.evidence.slice(0, 1) ?? citeLast(call, `got ${call.finalStatus}`)),
  };
}
