import type { CallMeasure, EarMeasure } from '../../measures/types.js';
import { contains } from '../../measures/intervals.js';
import { stayedOn, troublesOf, type LineMeasure } from '../../measures/lines.js';
import { toInterval } from '../../measures/truth.js';
import type { PlannedLine } from '../../plan/types.js';
import { count, figure, inSeconds } from '../words.js';
import { CITED, type AnsweredCall, type Case, type RankedDiagnosis } from './case.js';

/** Below this nearly all users are dissatisfied (G.109: R under 60). */
const WORST_MOS = 3.1;
/** The loss that comes to that with G.711 and concealment (G.107), for ears without an estimate. */
const WORST_LOSS = 0.15;
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
  const { plan, truth, measures } = subject;
  const isOn = stayedOn(line.name, lines.calls);
  const on = measures.calls
    .filter((call): call is AnsweredCall => call.answeredAt !== null && call.ears !== null && isOn(call))
    .sort((a, b) => a.answeredAt - b.answeredAt);
  const isBad = (call: AnsweredCall) => [call.ears.caller, call.ears.callee].some(isUnusable);
  const first = on.find(isBad);
  if (!first) return [];
  const others = (plan.lab.lines ?? [])
    .filter(({ name }) => name !== line.name)
    .map((other) => troublesOf(plan, truth, other).map(toInterval));
  const isAvoidable = ({ inviteAt, answeredAt }: CallMeasure) =>
    others.some((troubled) => !contains(troubled, inviteAt ?? answeredAt ?? 0));
  const late = on.filter(
    (call) => (call.inviteAt ?? 0) > first.answeredAt + NOTICED_MS && isBad(call) && isAvoidable(call),
  );
  const meanwhile = on.slice(on.indexOf(first), on.indexOf(late.at(-1) ?? first) + 1);
  // A call that is bad now and then is no line that can't be used.
  if (late.length < KEPT || meanwhile.filter(isBad).length * 2 <= meanwhile.length) return [];
  const lastsMs = (late.at(-1)?.answeredAt ?? 0) - first.answeredAt;
  const [worst] = [...late].sort((a, b) => worstLoss(b) - worstLoss(a));
  const mos = late
    .flatMap(({ ears }) => [ears.caller.mos, ears.callee.mos])
    .filter((value) => value !== null);
  const quality = mos.length === 0 ? '' : `, MOS down to ${Math.min(...mos).toFixed(1)}`;
  return [
    {
      code: 'SOFT_FAILURE_UNDETECTED',
      rank: 35,
      summary: `${line.name} was up and no call could use it (up to ${figure(worst ? worstLoss(worst) : 0, 'share')} of the packets lost or too late${quality}), and ${count(late.length, 'call')} still went by it, up to ${inSeconds(lastsMs)} after the first bad one, while another line was well.`,
      advice: `Let ${line.router} measure its lines by loss, delay and jitter of many probes, and take a line out that calls can't use: that something is answered now and then says only that it isn't cut. What it measured may be in logs/${line.router}.*.log.`,
      evidence: [first, ...late.slice(0, CITED - 1)].flatMap((call) => {
        const use = lines.calls.find(({ id }) => id === call.id)?.media[0];
        const note = `${call.id}: media by ${line.name}, ${figure(worstLoss(call), 'share')} lost or too late`;
        return use ? [{ ...use.evidence, note }] : [];
      }),
    },
  ];
}

const lossOf = ({ packets }: EarMeasure): number => {
  if (packets === null) return 1;
  const { received, lost, late } = packets;
  return (lost + late) / Math.max(1, received + lost);
};

const worstLoss = ({ ears }: AnsweredCall): number => Math.max(lossOf(ears.caller), lossOf(ears.callee));

const isUnusable = (ear: EarMeasure): boolean =>
  ear.mos === null ? lossOf(ear) > WORST_LOSS : ear.mos < WORST_MOS;
