import { count } from '../../base/count.js';
import { cite } from '../../evidence/cite.js';
import { allowedDetectionMs } from '../../measures/detection-time.js';
import { spanOf, toInterval, type AppliedFault } from '../../measures/truth.js';
import { contains } from '../../measures/intervals.js';
import { primaryTrunk } from '../../measures/path.js';
import { hesitated, routedCalls } from '../../measures/rows.js';
import { inSeconds } from '../words.js';
import { CITED } from '../../evidence/cite.js';
import { citeFaults, type Case, type RankedDiagnosis } from './case.js';

/** Late tries that make "kept being sent" (own). */
const KEPT = 3;

export function diagnoseDetection(subject: Case): RankedDiagnosis[] {
  const { primaryCuts } = subject.truth;
  const of = (...kinds: string[]) => primaryCuts.filter(({ fault }) => kinds.includes(fault.kind));
  return [
    ...slowDetection(subject, of('cut', 'power')),
    ...grayFailure(subject, of('freeze')),
    ...refusalsUnheeded(subject, of('answer')),
  ];
}

/** Calls that kept being sent to the primary long after it had gone, as citations. */
function lateTries({ plan, truth, measures }: Case, cuts: readonly AppliedFault[]) {
  const trunk = primaryTrunk(plan);
  if (trunk === null || cuts.length === 0 || !spanOf(truth.primaryCuts)) return null;
  const primary = trunk.name;
  const allowedMs = allowedDetectionMs(plan, trunk);
  const late = cuts.map(toInterval).map(({ startMs, endMs }) => ({ startMs: startMs + allowedMs, endMs }));
  // Who had left the primary and came back to it too early noticed in time, and has another illness.
  const relapsed = new Set(measures.failover.prematureCalls.map(({ id }) => id));
  const tries = routedCalls(measures.calls)
    .filter(({ id }) => !relapsed.has(id))
    .flatMap((call) => {
      const { id, attempts } = call;
      const tried = attempts.find((one) => one.trunk === primary && contains(late, one.atMs));
      if (tried) return [{ ...tried.evidence, atMs: tried.atMs, note: `${id} still tries ${primary}` }];
      const [first] = attempts;
      if (!first || !hesitated(plan, call) || !contains(late, call.inviteAt)) return [];
      const waited = inSeconds(first.atMs - call.inviteAt);
      return [
        {
          ...first.evidence,
          atMs: call.inviteAt,
          note: `${id} waits ${waited} until it goes to ${first.trunk}`,
        },
      ];
    });
  if (tries.length < KEPT) return null;
  const [first] = late.map(({ startMs }) => startMs - allowedMs);
  const lastMs = Math.max(...tries.map(({ atMs }) => atMs)) - (first ?? 0);
  return { trunk, allowedMs, lastMs, tries, evidence: [...tries.slice(0, CITED), ...tries.slice(-1)] };
}

/** SLOW_DETECTION: calls kept being sent to the dead primary long after it had died. */
function slowDetection(subject: Case, cuts: readonly AppliedFault[]): RankedDiagnosis[] {
  const late = lateTries(subject, cuts);
  if (!late) return [];
  const { name } = late.trunk;
  return [
    {
      code: 'SLOW_DETECTION',
      rank: 40,
      summary: `${late.tries.length} calls were still sent to ${name} first, up to ${inSeconds(late.lastMs)} after it had gone dead; it should have been taken out within ${inSeconds(late.allowedMs)}.`,
      advice: `Check that the SBC probes ${name} (OPTIONS interval and threshold), and that failed calls count against it.`,
      evidence: [...citeFaults(cuts), ...late.evidence],
    },
  ];
}

/**
 * GRAY_FAILURE_UNDETECTED: calls kept being sent to a primary that took every packet and did nothing with them, while
 * whatever watches it saw nothing wrong.
 */
function grayFailure(subject: Case, cuts: readonly AppliedFault[]): RankedDiagnosis[] {
  const late = lateTries(subject, cuts);
  if (!late) return [];
  const { name, carrier, addresses } = late.trunk;
  const during = [...subject.index.sip.values()]
    .flat()
    .filter(({ seen }) => cuts.some(({ fromMs, toMs }) => seen.atMs >= fromMs && seen.atMs < toMs));
  const asked = during.filter(
    ({ method, status, seen, dst }) =>
      method === 'OPTIONS' && status === null && seen.node === carrier && addresses.includes(dst.address),
  );
  const probes =
    asked.length === 0
      ? 'nobody asked it for an answer (no OPTIONS came)'
      : `${asked.length} OPTIONS were left unanswered`;
  return [
    {
      code: 'GRAY_FAILURE_UNDETECTED',
      rank: 35,
      summary: `${late.tries.length} calls were still sent to ${name} first, up to ${inSeconds(late.lastMs)} after ${carrier} had frozen: its port was open, nothing behind it did anything, and ${probes}.`,
      advice: `Let the health of ${name} rest on answered OPTIONS, not on an open port, and let failed calls count against it.`,
      evidence: [...citeFaults(cuts), ...late.evidence],
    },
  ];
}

/**
 * GRAY_FAILURE_UNDETECTED: calls kept being sent to a primary that refused them all, while it answered every probe as a
 * healthy one does.
 */
function refusalsUnheeded(subject: Case, cuts: readonly AppliedFault[]): RankedDiagnosis[] {
  const late = lateTries(subject, cuts);
  if (!late) return [];
  const { name, carrier, addresses } = late.trunk;
  const said = [...subject.index.sip.values()]
    .flat()
    .filter(
      ({ status, seen, src }) =>
        (status ?? 0) >= 200 &&
        seen.node === carrier &&
        addresses.includes(src.address) &&
        cuts.some(({ fromMs, toMs }) => seen.atMs >= fromMs && seen.atMs < toMs),
    );
  const well = said.filter(({ method, status }) => method === 'OPTIONS' && status === 200);
  const refusals = said.filter(({ method, status }) => method === 'INVITE' && (status ?? 0) >= 400);
  if (refusals.length === 0) return [];
  const statuses = [...new Set(refusals.map(({ status }) => status))].join(', ');
  return [
    {
      code: 'GRAY_FAILURE_UNDETECTED',
      rank: 35,
      summary: `${late.tries.length} calls were still sent to ${name} first, up to ${inSeconds(late.lastMs)} after it had begun to refuse them: it answered ${count(refusals.length, 'INVITE')} with ${statuses}, and ${well.length} OPTIONS with 200.`,
      advice: `Let refused calls count against ${name}: after a 503, or some failures in a row, it must be out for a while whatever its probes say.`,
      evidence: [
        ...citeFaults(cuts),
        ...late.evidence,
        ...[...refusals.slice(0, 2), ...well.slice(0, 2)].map((answer) =>
          cite(answer, `${carrier} answers ${answer.method} with ${answer.status}`),
        ),
      ],
    },
  ];
}
