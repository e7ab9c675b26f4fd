import { CITED, cite } from '../evidence/cite.js';
import type { Endpoint, Evidence } from '../evidence/types.js';
import { LONGEST_JITTER } from '../plan/jitter.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import { linksBetween } from './path.js';
import { problemAt, type Problem } from './problems.js';
import type { AppliedFault, Truth } from './truth.js';

/** What a packet may still take through the emulator's and the kernel's queues once a cut is in force. */
const IN_FLIGHT_MS = 100;
/** Timers may fire this early: a cut is not counted on for longer. */
const EARLY_MS = 2;

interface Sight {
  seen: { file: string; frame: number; atMs: number };
  src: Endpoint;
  dst: Endpoint;
  what: 'SIP' | 'RTP';
}

/**
 * SIP and RTP that crossed a link while it was cut, by the captures at its ends. The probes of a cut speak of its
 * beginning only; this holds for all its length.
 */
export function leakProblems(plan: Plan, truth: Truth, evidence: Evidence): Problem[] {
  return truth.faults.flatMap((applied): Problem[] => {
    const { fault } = applied;
    if (fault.kind === 'power') return fromTheDark(applied, evidence);
    const link = plan.lab.links.find(({ name }) => name === fault.target);
    if (fault.kind !== 'cut' || !link) return [];
    const from = fault.mode === 'one-way' ? fault.from : null;
    const [fromMs, toMs] = cutTime(applied, truth);
    const leaks = [link.a, link.b]
      .filter(({ node }) => node !== from)
      .flatMap((end) => receivedAt(plan, link, end, evidence, fromMs, toMs))
      .sort((a, b) => a.seen.atMs - b.seen.atMs);
    const [first] = leaks;
    if (!first) return [];
    const { file, frame, atMs } = first.seen;
    const summary = `${fault.id} on ${fault.target}: it was cut, and yet ${first.what} crossed it ${Math.round(atMs - applied.fromMs)} ms later (frame ${frame} of ${file}).`;
    const cited = leaks
      .slice(0, CITED)
      .map((leak) => cite(leak, `${leak.what} across ${fault.target}, which was cut`));
    return [problemAt('FAULT_NOT_PROVEN', summary, cited)];
  });
}

/** SIP and RTP at the interfaces of a node that was off: nothing can leave it, and nothing can reach it. */
function fromTheDark({ fault, fromMs, toMs }: AppliedFault, { sip, rtp }: Evidence): Problem[] {
  const isThen = (node: string, atMs: number) =>
    node === fault.target &&
    atMs >= fromMs + IN_FLIGHT_MS &&
    atMs < Math.min(toMs, fault.untilMs ?? Infinity) - EARLY_MS;
  const sights = [
    ...sip.filter(({ seen }) => isThen(seen.node, seen.atMs)).map(({ seen }) => ({ seen, what: 'SIP' })),
    ...rtp.flatMap(({ node, file, frame, atMs }) => {
      const index = atMs.findIndex((at) => isThen(node, at));
      return index === -1
        ? []
        : [{ seen: { file, frame: frame[index] ?? 1, atMs: atMs[index] ?? 0 }, what: 'RTP' }];
    }),
  ].sort((a, b) => a.seen.atMs - b.seen.atMs);
  const [first] = sights;
  if (!first) return [];
  const { file, frame, atMs } = first.seen;
  const summary = `${fault.id} on ${fault.target}: it was off, and yet ${first.what} was at its interface ${Math.round(atMs - fromMs)} ms later (frame ${frame} of ${file}).`;
  const cited = sights
    .slice(0, CITED)
    .map((sight) => cite(sight, `${sight.what} at ${fault.target}, which was off`));
  return [problemAt('FAULT_NOT_PROVEN', summary, cited)];
}

/** When nothing at all may have crossed: the emulator is told to heal at the planned time, and the journal comes after. */
function cutTime({ fault, fromMs, toMs }: AppliedFault, { faults }: Truth): [fromMs: number, toMs: number] {
  const delaysMs = faults.flatMap((other) =>
    other.fault.kind === 'impair' && other.fault.target === fault.target && other.toMs >= fromMs
      ? [
          (other.fault.impairment.delay?.ms ?? 0) +
            LONGEST_JITTER * (other.fault.impairment.delay?.jitterMs ?? 0),
        ]
      : [],
  );
  const healedMs = Math.min(toMs, fault.untilMs ?? Infinity);
  return [fromMs + IN_FLIGHT_MS + Math.max(0, ...delaysMs), healedMs - EARLY_MS];
}

/** The first packet of every stream and each SIP message that came in over the link at this end of it. */
function receivedAt(
  plan: Plan,
  link: PlannedLink,
  end: PlannedLink['a'],
  { sip, rtp }: Evidence,
  fromMs: number,
  toMs: number,
): Sight[] {
  const isHere = (at: { node: string; interface: string }) =>
    at.node === end.node && at.interface === end.interface;
  const during = (atMs: number) => atMs >= fromMs && atMs < toMs;
  const messages = sip
    .filter(({ seen }) => isHere(seen) && during(seen.atMs))
    .filter(({ seen, src, dst }) => cameIn(plan, link, end.node, src, dst, seen.sent))
    .map(({ seen, src, dst }): Sight => ({ seen, src, dst, what: 'SIP' }));
  const streams = rtp.filter(isHere).flatMap(({ src, dst, sent, file, frame, atMs }): Sight[] => {
    const index = atMs.findIndex(during);
    if (index === -1 || !cameIn(plan, link, end.node, src, dst, sent)) return [];
    return [
      { seen: { file, frame: frame[index] ?? 1, atMs: atMs[index] ?? 0 }, src, dst, what: 'RTP' as const },
    ];
  });
  return [...messages, ...streams];
}

/** A router's own capture, and a switch's, holds what it forwards out too, which no address of its own gives away. */
function cameIn(
  plan: Plan,
  link: PlannedLink,
  node: string,
  src: Endpoint,
  dst: Endpoint,
  sent: boolean,
): boolean {
  const [sender, receiver] = [ownerOf(plan, src), ownerOf(plan, dst)];
  if (sender === node || sent) return false;
  const self = plan.lab.nodes.find(({ name }) => name === node);
  const forwards = self === undefined || self.forwards || self.role === 'switch';
  if (receiver === node || !forwards) return true;
  if (receiver !== null) {
    const onward = linksBetween(plan, node, receiver)[0];
    return onward !== undefined && onward !== link.name;
  }
  return sender !== null && linksBetween(plan, sender, node).at(-1) === link.name;
}

function ownerOf({ lab }: Plan, { address }: Endpoint): string | null {
  const isOwner = lab.nodes.find(({ interfaces }) =>
    interfaces.some((iface) => iface.address === address || iface.extraAddresses.includes(address)),
  );
  return isOwner?.name ?? null;
}
