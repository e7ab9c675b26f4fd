import { cite } from '../evidence/cite.js';
import type { CallEvidence } from './calls.js';
import { problemAt, type Problem } from './problems.js';

const CITED = 4;

/** Calls that a phone or carrier answered, and of which nobody can say whose they were: then no share can be trusted. */
export function looseLegProblems({ plan, loose }: CallEvidence): Problem[] {
  const talks = new Set(
    plan.lab.nodes.filter(({ role }) => role === 'phone' || role === 'carrier').map(({ name }) => name),
  );
  const answered = loose.filter(({ messages }) =>
    messages.some(
      ({ method, status, seen }) =>
        method === 'INVITE' &&
        status !== null &&
        status >= 200 &&
        status < 300 &&
        seen.sent &&
        talks.has(seen.node),
    ),
  );
  if (answered.length === 0) return [];
  const summary = `${answered.length} answered legs behind the PBX could be told to be of no call that was placed: neither number is one of theirs.`;
  const evidence = answered.slice(0, CITED).map(({ invite, callId }) => cite(invite, callId));
  return [problemAt('LEG_UNMATCHED', summary, evidence)];
}
