import { cite } from '../evidence/cite.js';
import type { Evidence, EvidenceRef, SipMessage } from '../evidence/types.js';
import { measureAddressMoves, type AddressMove } from './address-moves.js';
import type { PlannedNode, PlannedRegistration } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';

/** One try of a phone to register: from its first REGISTER, over the challenge, to the end. */
interface RegistrationAttempt {
  /** First transmission of the first REGISTER, ms on the lab axis. */
  atMs: number;
  /** The final response that was no challenge, and when it came (RFC 6076 RRD is the time between). Null if none came. */
  status: number | null;
  endedAt: number | null;
  /** What the registrar granted, s; null where it said nothing. */
  expiresS: number | null;
}

/** A phone and its registrations, as its own capture shows them. */
export interface RegistrationMeasure {
  node: string;
  extension: string;
  /** In order of time; refreshes as well. */
  attempts: RegistrationAttempt[];
  /** Times that it came to have another address than its registrar knew; absent if it never did. */
  moves?: AddressMove[];
  evidence: EvidenceRef[];
}

/** After this long without a response a REGISTER that comes begins another attempt. */
const NEW_ATTEMPT_MS = 900;

/** Every phone that registers, in the plan's order. */
export function measureRegistrations(plan: Plan, { sip }: Evidence): RegistrationMeasure[] {
  const moves = measureAddressMoves(plan, sip);
  return plan.lab.nodes.flatMap((node) => {
    if (!node.registration) return [];
    const own = moves.get(node.name);
    return [{ ...measurePhone(node, node.registration, sip), ...(own && { moves: own }) }];
  });
}

function measurePhone(
  { name }: PlannedNode,
  { extension }: PlannedRegistration,
  sip: readonly SipMessage[],
): RegistrationMeasure {
  const own = sip.filter(({ seen, method }) => seen.node === name && method === 'REGISTER');
  const attempts: RegistrationAttempt[] = [];
  let open: RegistrationAttempt | null = null;
  for (const message of own) {
    const { seen, status } = message;
    if (seen.sent && status === null && !message.retransmission) {
      if (open && isChallenged(own, message)) continue;
      open = { atMs: seen.atMs, status: null, endedAt: null, expiresS: null };
      attempts.push(open);
    } else if (!seen.sent && open && status !== null && status >= 200 && !isChallenge(message)) {
      Object.assign(open, { status, endedAt: seen.atMs, expiresS: grantedS(message) });
      open = null;
    }
  }
  const first = own.find(({ seen }) => seen.sent);
  const done = own.find(({ seen, status }) => !seen.sent && status === 200);
  return {
    node: name,
    extension,
    attempts,
    evidence: [first, done].flatMap((message) => (message ? [cite(message)] : [])),
  };
}

const isChallenge = ({ status }: SipMessage): boolean => status === 401 || status === 407;

/** This REGISTER answers a challenge that came shortly before. */
const isChallenged = (own: readonly SipMessage[], { seen, headers }: SipMessage): boolean =>
  headers.some(([name]) => name === 'authorization' || name === 'proxy-authorization') &&
  own.some(
    (other) =>
      isChallenge(other) && other.seen.atMs <= seen.atMs && seen.atMs - other.seen.atMs < NEW_ATTEMPT_MS,
  );

/** The life of this phone's own contact, which is at its address, from Contact's expires or the Expires header. */
function grantedS({ headers, dst }: SipMessage): number | null {
  const contact = headers.find(
    ([name, value]) => name === 'contact' && value.includes(`@${dst.address}`),
  )?.[1];
  const told =
    /;\s*expires=(\d+)/i.exec(contact ?? '')?.[1] ?? headers.find(([name]) => name === 'expires')?.[1];
  return told === undefined ? null : Number(told);
}

/** When this phone could be called again from `fromMs` on; null if it never registered after that. */
export function registeredFrom({ attempts }: RegistrationMeasure, fromMs: number): number | null {
  const done = attempts.find(
    ({ status, endedAt }) => status !== null && status < 300 && endedAt !== null && endedAt >= fromMs,
  );
  return done?.endedAt ?? null;
}

/** What the registrar granted last before `atMs` had not run out then, and no later try had failed. */
export function isBoundAt({ attempts }: RegistrationMeasure, atMs: number): boolean {
  const last = attempts.findLast((attempt) => attempt.atMs < atMs);
  return (
    last?.status === 200 &&
    last.endedAt !== null &&
    last.expiresS !== null &&
    last.endedAt + last.expiresS * 1000 > atMs
  );
}
