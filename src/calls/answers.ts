import { STATUS_CODES } from 'node:http';
import type { Plan } from '../plan/types.js';

interface Answer {
  status: number;
  reason: string;
}

/** Every answer beside the usual that the faults of a plan have a node give; null for none. SIPp needs each by number. */
export function answersOf({ faults }: Plan, node: string): { invite: Answer[]; options: Answer[] } | null {
  const own = faults.filter((fault) => fault.kind === 'answer' && fault.target === node);
  if (own.length === 0) return null;
  const of = (key: 'invite' | 'options') =>
    [...new Set(own.flatMap((fault) => (fault.kind === 'answer' && fault[key]) || []))].map((status) => ({
      status,
      // HTTP's names are those of SIP where both have the code (RFC 3261 §21); a reason means nothing to a program.
      reason: STATUS_CODES[status] ?? 'As Asked For',
    }));
  return { invite: of('invite'), options: of('options') };
}
