import { cite } from '../evidence/cite.js';
import type { EvidenceRef, SipMessage } from '../evidence/types.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { answeringNode, type CallEvidence } from './calls.js';
import { isHeardThrough } from './heard-through.js';
import { linksBetween, nodesOn } from './path.js';
import { measureReregistration, type Reregistration } from './reregistration.js';
import type { AppliedFault, Truth } from './truth.js';
import type { CallMeasure } from './types.js';

/** A node's way from losing its power to carrying calls again. Times are on the lab axis; null: it never came, or isn't known. */
export interface PowerCycle {
  fault: string;
  node: string;
  /** It went dark. */
  cutAt: number;
  /** Its interfaces were up again. */
  onAt: number | null;
  /** All of its programs were ready. */
  readyAt: number | null;
  registrations: Reregistration | null;
  /** First answer to an OPTIONS or INVITE from a carrier, or the SBC before it, at this node, after it was on. */
  trunkAt: number | null;
  /** First call through it that was placed after the cut and answered. */
  answeredAt: number | null;
  /** The same, of those in which both sides heard each other. */
  heardAt: number | null;
  /**
   * Durations of its parts, ms: without power; from on to ready; from ready to the last registration, and to the first
   * call; from on to the first answer of a trunk, which needn't wait for all to be ready.
   */
  parts: {
    outageMs: number | null;
    bootMs: number | null;
    registrationsMs: number | null;
    trunkMs: number | null;
    firstCallMs: number | null;
  };
  /** From the cut to the first call in which both sides heard each other. */
  backMs: number | null;
  evidence: EvidenceRef[];
}

/** One for each time that a node lost its power and should have come back, in order of time. */
export function measurePowerCycles(
  plan: Plan,
  journal: readonly JournalEntry[],
  truth: Truth,
  index: CallEvidence,
  calls: readonly CallMeasure[],
): PowerCycle[] {
  return truth.faults
    .filter(({ fault }) => fault.kind === 'power' && fault.untilMs !== null)
    .map((applied) => measureCycle(plan, journal, applied, index, calls));
}

function measureCycle(
  plan: Plan,
  journal: readonly JournalEntry[],
  { fault, fromMs: cutAt, toMs, overMs }: AppliedFault,
  index: CallEvidence,
  calls: readonly CallMeasure[],
): PowerCycle {
  const node = fault.target;
  const onAt = finite(toMs);
  const hasBooted = journal.some((entry) => entry.event === 'boot' && entry.fault === fault.id);
  const readyAt = hasBooted ? finite(overMs) : null;
  const after =
    onAt === null ? [] : callsThrough(plan, node, calls).filter(({ inviteAt }) => (inviteAt ?? -1) >= cutAt);
  const first = (some: readonly CallMeasure[]) =>
    some
      .filter(({ answeredAt }) => answeredAt !== null && answeredAt >= (onAt ?? Infinity))
      .sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0))[0];
  const answered = first(after);
  const heard = first(after.filter((call) => isHeardThrough(call) === true));
  const trunk = onAt === null ? undefined : firstTrunkAnswer(plan, node, onAt, index);
  const registrations = onAt === null ? null : measureReregistration(node, { cutAt, onAt }, index);
  const since = (at: number | null | undefined, from: number | null) =>
    at === null || at === undefined || from === null ? null : at - from;
  const heardAt = heard?.answeredAt ?? null;
  return {
    fault: fault.id,
    node,
    cutAt,
    onAt,
    readyAt,
    registrations,
    trunkAt: trunk?.seen.atMs ?? null,
    answeredAt: answered?.answeredAt ?? null,
    heardAt,
    parts: {
      outageMs: since(onAt, cutAt),
      bootMs: since(readyAt, onAt),
      registrationsMs: since(registrations?.lastAt, readyAt),
      trunkMs: since(trunk?.seen.atMs, onAt),
      firstCallMs: since(heardAt, readyAt),
    },
    backMs: since(heardAt, cutAt),
    evidence: [
      ...(trunk ? [cite(trunk, 'first answer of a trunk')] : []),
      ...(heard?.evidence ?? [])
        .slice(-1)
        .map((ref) => ({ ...ref, note: `${heard?.id}: first call that was heard` })),
    ],
  };
}

const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

/** Calls whose way leads through a node, or that it carried as the carrier. A relay or a PBX beside the way is part of every call. */
export function callsThrough(plan: Plan, node: string, calls: readonly CallMeasure[]): CallMeasure[] {
  const role = plan.lab.nodes.find(({ name }) => name === node)?.role;
  if (role === 'media-relay' || role === 'pbx') return [...calls];
  return calls.filter((call) => {
    const caller = plan.calls.find(({ id }) => id === call.id)?.caller;
    const callee = answeringNode(plan, call) ?? plan.lab.trunks[0]?.carrier;
    if (caller === undefined || callee === undefined) return false;
    return nodesOn(plan, linksBetween(plan, caller, callee)).includes(node);
  });
}

function firstTrunkAnswer(
  plan: Plan,
  node: string,
  onAt: number,
  { sip }: CallEvidence,
): SipMessage | undefined {
  // Behind an SBC a PBX meets its trunks there.
  const beyond = plan.lab.nodes.filter(({ name, role }) => role === 'sbc' && name !== node);
  const trunks = new Set([
    ...plan.lab.trunks.flatMap(({ addresses }) => addresses),
    ...beyond.flatMap(({ interfaces }) => interfaces).flatMap(addressesOf),
  ]);
  return [...sip.values()]
    .flat()
    .filter(
      ({ seen, src, status, method }) =>
        seen.node === node &&
        seen.atMs >= onAt &&
        trunks.has(src.address) &&
        status !== null &&
        status > 100 &&
        status < 300 &&
        (method === 'OPTIONS' || method === 'INVITE'),
    )
    .sort((a, b) => a.seen.atMs - b.seen.atMs)[0];
}

const addressesOf = ({ address, extraAddresses }: Plan['lab']['nodes'][number]['interfaces'][number]) =>
  address === null ? [] : [address, ...extraAddresses];
