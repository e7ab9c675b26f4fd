import { count } from '../base/count.js';
import { reachableAt, type AddressMove } from '../measures/address-moves.js';
import { linksBetween, nodesOn } from '../measures/path.js';
import { isBoundAt, registeredFrom, type RegistrationMeasure } from '../measures/registrations.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import type { PlannedFault } from '../plan/planned-fault.js';
import type { Plan } from '../plan/types.js';
import { CITED } from '../evidence/cite.js';
import { invalid, never, type Finding, type Measured } from './finding.js';
import type { ScopedCalls } from './scope.js';
import { inSeconds, satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

/** Calls that were picked up, so that their callers dialled, and whose digits were read as they were sent. */
export function judgeDigits({ bound }: Of<'digits-read'>, { calls, where }: ScopedCalls): Finding {
  const dialled = calls.flatMap(({ digits }) => (digits ? [digits] : []));
  if (dialled.length === 0) return invalid(`No call${where} was picked up, so no digits were dialled.`);
  const unread = dialled.filter(({ sent, read }) => read !== null && read !== sent);
  const unknown = dialled.filter(({ read }) => read === null).length;
  const share = (unread: number) => (dialled.length - unread) / dialled.length;
  if (satisfies(share(unread.length), bound) !== satisfies(share(unread.length + unknown), bound))
    return invalid(`What was read of the digits of ${count(unknown, 'call')}${where} can't be told.`);
  const measured = share(unread.length);
  const [first] = unread;
  const worst = first ? `; of ${first.sent} was read ${first.read === '' ? 'nothing' : first.read}` : '';
  return {
    verdict: satisfies(measured, bound) ? 'pass' : 'fail',
    measured,
    summary: `The digits of ${dialled.length - unread.length} of ${count(dialled.length, 'call')}${where} were read${worst}.`,
    evidence: unread.slice(0, CITED).flatMap(({ evidence }) => evidence),
  };
}

/** The last fault that kept a phone from its registrar: when that was over, and whether the registrar was hit itself. */
interface LastFault {
  /** +∞ if it was healed, and a program that it had ended was never ready again. */
  overMs: number;
  ofRegistrar: boolean;
}

/** Null if no fault on the way, or of a node there, was healed. */
function lastFault(
  { node }: RegistrationMeasure,
  plan: Plan,
  { faults }: Measured['truth'],
): LastFault | null {
  const registrar = plan.lab.nodes.find(({ name }) => name === node)?.registration?.registrar.node ?? '';
  const links = linksBetween(plan, node, registrar);
  const places = new Set([...links, ...nodesOn(plan, links), registrar]);
  const healed = faults.filter(({ fault, toMs }) => places.has(fault.target) && Number.isFinite(toMs));
  if (healed.length === 0) return null;
  return {
    overMs: Math.max(...healed.map(({ overMs }) => overMs)),
    ofRegistrar: healed.some(({ fault }) => fault.target === registrar && mayForget(fault)),
  };
}

/** What is only in the memory of a node's programs is gone with these. */
const mayForget = ({ kind }: PlannedFault): boolean => kind === 'power' || kind === 'crash';

/** Times that the phone came to have another address, the slowest first; those too near to the end to tell are left out. */
const openMoves = ({ moves = [] }: RegistrationMeasure, untilMs: number): AddressMove[] =>
  moves
    .filter((move) => reachableAt(move) !== null || move.atMs < untilMs)
    .sort((a, b) => (tookToMove(b) ?? Infinity) - (tookToMove(a) ?? Infinity));

const tookToMove = (move: AddressMove): number | null => {
  const at = reachableAt(move);
  return at === null ? null : at - move.atMs;
};

/**
 * The phone that took longest to be registered: from its first REGISTER on or, where a fault was on its way, of a node there or
 * of its registrar, from when the last was over; no time at all if what was granted to it before had outlived the fault, which
 * nobody knows of a registrar that lost its power or a program. A phone that came to have another address is
 * counted from then until its registrar knew it.
 */
export function judgeRegistered({ bound }: Of<'registered'>, { plan, truth, measures }: Measured): Finding {
  const { registrations } = measures;
  const phones = registrations.map((phone) => {
    const [move] = openMoves(phone, plan.trafficMs - bound.value);
    if (move) return { phone, tookMs: tookToMove(move) };
    const fault = lastFault(phone, plan, truth);
    if (fault && !fault.ofRegistrar && isBoundAt(phone, fault.overMs)) return { phone, tookMs: 0 };
    const fromMs = fault?.overMs ?? phone.attempts[0]?.atMs ?? null;
    const at = fromMs === null ? null : registeredFrom(phone, fromMs);
    return { phone, tookMs: at === null || fromMs === null ? null : at - fromMs };
  });
  if (phones.length === 0) return invalid('No phone registered with anything.');
  const late = phones.filter(({ tookMs }) => tookMs === null);
  if (late.length > 0)
    return never(
      `${late.map(({ phone }) => phone.node).join(', ')} did not register.`,
      late.flatMap(({ phone }) => phone.evidence),
    );
  const [worst] = phones.sort((a, b) => (b.tookMs ?? 0) - (a.tookMs ?? 0));
  const tookMs = worst?.tookMs ?? 0;
  return {
    verdict: satisfies(tookMs, bound) ? 'pass' : 'fail',
    measured: tookMs,
    summary: `${count(phones.length, 'phone')} registered, the last of them, ${worst?.phone.node ?? ''}, after ${inSeconds(tookMs)}.`,
    evidence: worst?.phone.evidence ?? [],
  };
}
