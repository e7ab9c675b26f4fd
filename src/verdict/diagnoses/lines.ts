import { count } from '../../base/count.js';
import type { CallMeasure, EarMeasure } from '../../measures/types.js';
import { contains } from '../../measures/intervals.js';
import { stayedOn, troublesOf, type LineMeasure } from '../../measures/lines.js';
import { toInterval } from '../../measures/truth.js';
import type { PlannedLine } from '../../plan/planned-lab.js';
import { figure, inSeconds } from '../words.js';
import { CITED } from '../../evidence/cite.js';
import type { AnsweredCall, Case, RankedDiagnosis } from './case.js';

/** Below this nearly all users are dissatisfied (G.109: R under 60). */
const WORST_MOS = 3.1;
/** What a line does to a call, and a sender that is late doesn't: packets that never come, or mouth to ear for too long (docs/measures.md §1). */
const WORST_LOSS = 0.03;
const WORST_DELAY_MS = 400;
/** Nobody should be sent by a line that no call can use for longer than this, however it is measured (own). */
const NOTICED_MS = 10_000;
/** Bad calls that make "stayed on it" (own). */
const KEPT = 3;

/** What became of a site's choice of lines. */
export function diagnoseLines(subject: Case): RankedDiagnosis[] {
  const { lines } = subject.measures;
  if (!lines) return [];
  return (subject.plan.lab.lines ?? []).flatMap((line) => softFailure(subject, lines, line));
}

/**
 * SOFT_FAILURE_UNDETECTED: a line was up, calls got through by it, their media shows that nobody could use them, and the site
 * stayed on it although another line was well.
 */
function softFailure(subject: Case, lines: LineMeasure, line: PlannedLine): RankedDiagnosis[] {
  const { plan, truth } = subject;
  const others = (plan.lab.lines ?? [])
    .filter(({ name }) => name !== line.name)
    .map((other) => troublesOf(plan, truth, other).map(toInterval));
  const isAvoidable = ({ inviteAt, answeredAt }: CallMeasure) =>
    others.some((troubled) => !contains(troubled, inviteAt ?? answeredAt ?? 0));
  const [longest] = staysOn(subject, lines, line)
    .flatMap((stay) => unusableStay(stay, isAvoidable) ?? [])
    .sort((a, b) => b.lastsMs - a.lastsMs);
  if (!longest) return [];
  const { first, late, lastsMs } = longest;
  const mos = late
    .flatMap(({ ears }) => [ears.caller.mos, ears.callee.mos])
    .filter((value) => value !== null);
  const quality = mos.length === 0 ? '' : `, MOS down to ${Math.min(...mos).toFixed(1)}`;
  return [
    {
      code: 'SOFT_FAILURE_UNDETECTED',
      rank: 35,
      summary: `${line.name} was up and no call could use it (up to ${figure(Math.max(...late.map(worstLoss)), 'share')} of the packets lost${quality}), and ${count(late.length, 'call')} still went by it, up to ${inSeconds(lastsMs)} after the first bad one, while another line was well.`,
      advice: `Let ${line.router} measure its lines by loss, delay and jitter of many probes, and take a line out that calls can't use: that something is answered now and then says only that it isn't cut. What it measured may be in logs/${line.router}.*.log.`,
      evidence: [first, ...late.slice(0, CITED - 1)].flatMap((call) => {
        const use = lines.calls.find(({ id }) => id === call.id)?.media[0];
        const note = `${call.id}: media by ${line.name}, ${figure(worstLoss(call), 'share')} of its packets lost`;
        return use ? [{ ...use.evidence, note }] : [];
      }),
    },
  ];
}

/** Calls all of whose media went by this line, in order of their answers; parted where a call used another one meanwhile. */
function staysOn({ measures }: Case, lines: LineMeasure, line: PlannedLine): AnsweredCall[][] {
  const isOn = stayedOn(line.name, lines.calls);
  const hasMedia = new Set(lines.calls.filter(({ media }) => media.length > 0).map(({ id }) => id));
  const stays: AnsweredCall[][] = [[]];
  const answered = measures.calls
    .filter((call): call is AnsweredCall => call.answeredAt !== null && call.ears !== null)
    .sort((a, b) => a.answeredAt - b.answeredAt);
  for (const call of answered)
    if (isOn(call)) stays.at(-1)?.push(call);
    else if (hasMedia.has(call.id)) stays.push([]);
  return stays;
}

/** The first bad call of a stay, and those placed long after it; null for a line that was left in time, or is bad now and then. */
function unusableStay(on: readonly AnsweredCall[], isAvoidable: (call: CallMeasure) => boolean) {
  const first = on.find(isBad);
  if (!first) return null;
  const late = on.filter(
    (call) => (call.inviteAt ?? 0) > first.answeredAt + NOTICED_MS && isBad(call) && isAvoidable(call),
  );
  const last = late.at(-1);
  if (!last || late.length < KEPT) return null;
  const meanwhile = on.slice(on.indexOf(first), on.indexOf(last) + 1);
  if (meanwhile.filter(isBad).length * 2 <= meanwhile.length) return null;
  return { first, late, lastsMs: last.answeredAt - first.answeredAt };
}

const lossOf = ({ packets }: EarMeasure): number =>
  packets === null ? 1 : packets.lost / Math.max(1, packets.received + packets.lost);

const worstLoss = ({ ears }: AnsweredCall): number => Math.max(lossOf(ears.caller), lossOf(ears.callee));

const isUnusable = (ear: EarMeasure): boolean =>
  ear.mos !== null &&
  ear.mos < WORST_MOS &&
  (lossOf(ear) > WORST_LOSS || (ear.delayMs !== null && ear.delayMs > WORST_DELAY_MS));

const isBad = ({ ears }: AnsweredCall): boolean => [ears.caller, ears.callee].some(isUnusable);
