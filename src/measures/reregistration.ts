import { cite } from '../evidence/cite.js';
import type { EvidenceRef, SipMessage } from '../evidence/types.js';
import type { CallEvidence } from './calls.js';

/** How the registrations of a registrar came back after it had been away. */
export interface Reregistration {
  /** Addresses of record that were registered before. */
  before: number;
  /** How many of these were registered again. */
  back: number;
  /** First and last of these, on the lab axis; null for none. */
  firstAt: number | null;
  lastAt: number | null;
  /** Those that never came back. */
  missing: string[];
  /** The same of those that tried while it was away, and so knew of it. Absent from results of before. */
  tried?: { lastAt: number | null; missing: string[] };
  /** The 200 that was the last, and the REGISTER before it that nobody answered, if there was one. */
  evidence: EvidenceRef[];
}

/** Address of record of a REGISTER (RFC 3261 §10.2): the URI in To. */
const recordOf = ({ to }: SipMessage): string => `${to.user ?? ''}@${to.host}`;

/** Null if nobody was registered at the node before the cut. `onAt`: when it was on again. */
export function measureReregistration(
  node: string,
  { cutAt, onAt }: { cutAt: number; onAt: number },
  { sip }: CallEvidence,
): Reregistration | null {
  const all = [...sip.values()].flat().filter(({ method }) => method === 'REGISTER');
  const accepted = all
    .filter(
      ({ seen, status }) =>
        seen.node === node && seen.sent && status !== null && status >= 200 && status < 300,
    )
    .sort((a, b) => a.seen.atMs - b.seen.atMs);
  const before = new Set(accepted.filter(({ seen }) => seen.atMs < cutAt).map(recordOf));
  if (before.size === 0) return null;
  const again = new Map<string, SipMessage>();
  for (const message of accepted) {
    const record = recordOf(message);
    if (message.seen.atMs >= onAt && before.has(record) && !again.has(record)) again.set(record, message);
  }
  const back = [...again.values()];
  const last = back.at(-1);
  const missing = [...before].filter((record) => !again.has(record));
  const slowest = last ? recordOf(last) : missing[0];
  const tries = all
    .filter(
      (message) => message.status === null && recordOf(message) === slowest && message.seen.atMs >= cutAt,
    )
    .sort((a, b) => a.seen.atMs - b.seen.atMs);
  const inVain = new Set(
    all.filter(({ status, seen }) => status === null && seen.atMs >= cutAt && seen.atMs < onAt).map(recordOf),
  );
  return {
    before: before.size,
    back: back.length,
    firstAt: back[0]?.seen.atMs ?? null,
    lastAt: last?.seen.atMs ?? null,
    missing,
    tried: {
      lastAt: back.findLast((message) => inVain.has(recordOf(message)))?.seen.atMs ?? null,
      missing: missing.filter((record) => inVain.has(record)),
    },
    evidence: [
      ...tries.slice(0, 2).map((message) => cite(message, `${slowest} tries to register`)),
      ...(last ? [cite(last, `${slowest} is registered again`)] : []),
    ],
  };
}
