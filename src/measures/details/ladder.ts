import { cite } from '../../evidence/cite.js';
import type { SipMessage } from '../../evidence/types.js';
import type { Plan } from '../../plan/types.js';
import type { LadderStep } from './types.js';

/** Clocks of one machine, read twice: a message may seem to arrive so much before it left. */
const SLACK_MS = 1;

interface Hop {
  message: SipMessage;
  sights: SipMessage[];
}

/**
 * The messages of a call, each once: what was captured where it left, on its way and where it arrived is one step. A message
 * is told by what no hop changes (method, status, CSeq, branch, tags): a router that rewrites addresses is on its way.
 * @param messages in order of time
 */
export function ladderOf(plan: Plan, messages: readonly SipMessage[]): LadderStep[] {
  const hosts = hostsOf(plan);
  const hops: Hop[] = [];
  const byKey = new Map<string, Hop[]>();
  for (const message of messages) {
    const key = keyOf(message);
    const known = byKey.get(key) ?? [];
    const hop = known.findLast((one) => isOnItsWay(one, message));
    if (hop) hop.sights.push(message);
    else {
      const begun = { message, sights: [message] };
      hops.push(begun);
      byKey.set(key, [...known, begun]);
    }
  }
  return hops.map((hop) => stepOf(hop, hosts));
}

/** By address: whose it is, and whether that interface is captured. */
const hostsOf = (plan: Plan) =>
  new Map(
    plan.lab.nodes.flatMap(({ name, interfaces }) =>
      interfaces.flatMap(({ address, extraAddresses, captured }) =>
        [address ?? [], extraAddresses].flat().map((at) => [at, { name, captured }] as const),
      ),
    ),
  );

const keyOf = ({ callId, method, status, cseq, branch, from, to }: SipMessage): string =>
  [callId, method, status, cseq, branch, from.tag, to.tag].join(' ');

/** It was not seen at this point yet, and could have come from where it began. */
function isOnItsWay({ message, sights }: Hop, { seen }: SipMessage): boolean {
  return (
    (!seen.sent || seen.node !== message.seen.node) &&
    sights.every((sight) => sight.seen.file !== seen.file) &&
    seen.atMs >= message.seen.atMs - SLACK_MS
  );
}

function stepOf({ message, sights }: Hop, hosts: ReturnType<typeof hostsOf>): LadderStep {
  const last = sights.at(-1) ?? message;
  const { seen, status, method, reason, sdp, retransmission } = message;
  const from = hosts.get(message.src.address)?.name ?? seen.node;
  const host = hosts.get(last.dst.address);
  const to = host?.name ?? last.dst.address;
  const arrival = sights.find((sight) => !sight.seen.sent && sight.seen.node === to);
  return {
    atMs: seen.atMs,
    arrivedMs: arrival?.seen.atMs ?? null,
    watched: host?.captured ?? false,
    from,
    to,
    text: status === null ? method : `${status} ${reason ?? ''}`.trim(),
    sdp: sdp !== null,
    again: retransmission,
    sights: sights.map((sight) => cite(sight)),
  };
}
