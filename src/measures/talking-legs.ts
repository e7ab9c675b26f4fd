import { BlockList } from 'node:net';
import type { Direction } from '../audio/signature.js';
import type { EvidenceRef, RtpStream, SipMessage } from '../evidence/types.js';
import type { PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import { earNode, type CallEvidence } from './calls.js';
import { timeUp } from './ears.js';
import { callStreams } from './streams.js';
import type { CallMeasure } from './types.js';

/** One party of an answered call, which should have talked all the while. */
export interface TalkingLeg {
  call: CallMeasure;
  node: string;
  voice: Direction;
  /** From its answer to its BYE, as its own capture shows them. */
  fromMs: number;
  toMs: number;
  answer: EvidenceRef;
  /** What it sent. */
  streams: RtpStream[];
}

/** The parties of all answered calls that were told where to talk to. */
export const talkingLegs = (index: CallEvidence, calls: readonly CallMeasure[]): TalkingLeg[] =>
  calls.flatMap((call) => (['caller', 'callee'] as const).flatMap((party) => legOf(index, call, party)));

function legOf(index: CallEvidence, call: CallMeasure, party: 'caller' | 'callee'): TalkingLeg[] {
  const node = index.plan.lab.nodes.find(({ name }) => name === earNode(index.plan, call, party));
  const up = timeUp(call);
  // A real softphone is under test as much as the rest: its silences are none of the lab's.
  if (!node || !up || node.softphone !== null) return [];
  const messages = index.sip.get(call.sipCallId) ?? [];
  const own = messages.filter(({ seen }) => seen.node === node.name);
  const isCaller = party === 'caller';
  const answer = own.find(
    ({ method, status, seen }) =>
      method === 'INVITE' && status !== null && status >= 200 && status < 300 && seen.sent !== isCaller,
  );
  const invite = own.find(({ method, status, seen }) => method === 'INVITE' && status === null && !seen.sent);
  const told = (isCaller ? answer : invite)?.sdp;
  // Nobody can talk to an address that it was not told, or that isn't there: that is the system's doing.
  if (!answer || !told || told.port === 0 || !canReach(index.plan, node, told.address)) return [];
  const bye = own.find(({ method, status }: SipMessage) => method === 'BYE' && status === null);
  const { file, frame, atMs } = answer.seen;
  return [
    {
      call,
      node: node.name,
      voice: isCaller ? 'from-caller' : 'from-callee',
      fromMs: atMs,
      toMs: Math.min(up.endMs, bye?.seen.atMs ?? Infinity),
      answer: { file, frame, atMs },
      streams: callStreams(index.streams, messages, node.name, 'from'),
    },
  ];
}

/** A packet to this address leaves the node: it's on a segment of it and somebody has it, or there is a route. */
function canReach({ lab }: Plan, node: PlannedNode, address: string): boolean {
  const segments = new BlockList();
  for (const iface of node.interfaces)
    if (iface.address !== null) segments.addSubnet(iface.address, iface.prefixLength);
  // A plan without addresses says nothing.
  if (segments.rules.length === 0) return true;
  if (segments.check(address))
    return lab.nodes.some(({ interfaces }) =>
      interfaces.some(
        (iface) =>
          iface.address === address ||
          iface.sharedAddress === address ||
          iface.extraAddresses.includes(address),
      ),
    );
  const routed = new BlockList();
  for (const { to } of node.routes) {
    const [network = '', length = '32'] = to.split('/');
    if (network === 'default') return true;
    routed.addSubnet(network, Number(length));
  }
  return routed.check(address);
}
