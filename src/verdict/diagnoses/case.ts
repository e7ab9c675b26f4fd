import type { Evidence, EvidenceRef } from '../../evidence/types.js';
import { answeringNode, earNode, type CallEvidence } from '../../measures/calls.js';
import { compareEars, timeUp, type BothEars } from '../../measures/ears.js';
import { linksBetween, nodesOn } from '../../measures/path.js';
import type { AppliedFault } from '../../measures/truth.js';
import type { CallMeasure } from '../../measures/types.js';
import type { Plan } from '../../plan/types.js';
import type { JournalEntry } from '../../runfolder/journal.js';
import type { Measured } from '../finding.js';
import type { Diagnosis } from '../types.js';

/** Everything that a diagnosis may look at. */
export interface Case extends Measured {
  index: CallEvidence;
  tls: Evidence['tls'];
  log: Evidence['log'];
  journal: readonly JournalEntry[];
}

/**
 * Lower ranks come first. The specific outranks the general: what explains a symptom stands before the symptom.
 */
export type RankedDiagnosis = Diagnosis & { rank: number };

/** One family of rules. It gives a diagnosis only on evidence, and none for what the injected faults explain. */
export type Diagnose = (subject: Case) => RankedDiagnosis[];

/**
 * A fault lay on a way of this call, from its INVITE to its end: what then went wrong was done by the scenario. Its ways
 * are those to every carrier that it was tried on, for it may have taken something from each. A fault of a node on them
 * goes on until its programs are ready again.
 */
export function isTouchedByFault(call: CallMeasure, { plan, truth }: Case): boolean {
  const { inviteAt, endedAt } = call;
  const caller = earNode(plan, call, 'caller');
  const callee = answeringNode(plan, call);
  if (inviteAt === null || caller === null || callee === null) return true;
  const tried = new Set(call.attempts.map(({ trunk }) => trunk));
  const carriers = plan.lab.trunks.filter(({ name }) => tried.has(name)).map(({ carrier }) => carrier);
  const links = [callee, ...carriers].flatMap((node) => linksBetween(plan, caller, node));
  const nodes = new Set([...nodesOn(plan, links), ...servers(plan)]);
  const overlaps = ({ fault, fromMs, overMs }: AppliedFault) =>
    (links.includes(fault.target) || nodes.has(fault.target)) &&
    fromMs < (endedAt ?? Infinity) &&
    overMs > inviteAt;
  return truth.faults.some(overlaps);
}

/** Nodes that any call may need, wherever they stand. */
const servers = ({ lab }: Plan): string[] =>
  lab.nodes
    .filter(({ role }) => role === 'sbc' || role === 'pbx' || role === 'media-relay')
    .map(({ name }) => name);

export type AnsweredCall = CallMeasure & { answeredAt: number; ears: NonNullable<CallMeasure['ears']> };

/** Answered calls, listened to, which no fault touched. */
export const healthyAnswered = (subject: Case): AnsweredCall[] =>
  subject.measures.calls
    .filter((call): call is AnsweredCall => call.answeredAt !== null && call.ears !== null)
    .filter((call) => !isTouchedByFault(call, subject));

export function earsOf(call: AnsweredCall): BothEars | null {
  const up = timeUp(call);
  return up && compareEars(call.ears.caller, call.ears.callee, up);
}

/** When the last call had ended. */
export const trafficEndMs = ({ journal, plan }: Case): number =>
  journal.findLast(({ event }) => event === 'traffic-ended')?.atMs ?? plan.trafficMs;

/** Where the journal tells of faults. */
export const citeFaults = (faults: readonly AppliedFault[]): EvidenceRef[] =>
  faults.slice(0, 1).map(({ fault, fromMs }) => ({
    file: 'journal.jsonl',
    atMs: fromMs,
    note: `${fault.id} applied to ${fault.target}`,
  }));
