import type { EvidenceRef, RtpStream } from '../evidence/types.js';
import type { PlannedLine } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import type { CallEvidence } from './calls.js';
import { contains } from './intervals.js';
import { firstOfRow, placedBetween, routedCalls, type PlacedCall } from './rows.js';
import { findMoves } from './transitions.js';
import { outagesOf, spanOf, toInterval, type AppliedFault, type Truth } from './truth.js';
import { lineLinks, nodesOn } from './path.js';
import type { CallMeasure, FailoverMeasure } from './types.js';

/** Media of a call that the site sent by one line without a change; times on the lab axis. */
interface LineUse {
  line: string;
  fromMs: number;
  toMs: number;
  evidence: EvidenceRef;
}

/** The lines by which one call went, as the captures of the site's router show it. */
export interface CallLines {
  id: string;
  /** Its first INVITE that crossed a line. */
  signalling: { line: string; atMs: number } | null;
  /** In order of time; empty if no media of it left the site. */
  media: LineUse[];
}

/** How a site went from line to line. Times are durations in ms; null: it never did, or there was nothing to leave. */
export interface LineMeasure {
  /** In set-up order. */
  calls: CallLines[];
  /** Moves of calls from the site between the primary line and the rest, by the line that their media began on. */
  transitions: FailoverMeasure['transitions'];
  expectedTransitions: number;
  excessTransitions: number;
  /** First fault of the primary line → first call in a row of 5 that are answered and use no line in trouble. */
  awayMs: number | null;
  /** Its last fault over → first call in a row of 5 whose media stays on it. */
  homeMs: number | null;
}

/** Null for a lab whose site has no choice of lines. */
export function measureLines(
  plan: Plan,
  truth: Truth,
  index: CallEvidence,
  calls: readonly CallMeasure[],
): LineMeasure | null {
  const [primary] = plan.lab.lines ?? [];
  if (!primary) return null;
  const sights = new LineSights(plan, index);
  const lines = [...calls]
    .sort((a, b) => (a.inviteAt ?? Infinity) - (b.inviteAt ?? Infinity))
    .map((call) => sights.of(call));
  const troubles = troublesOf(plan, truth, primary);
  const outages = outagesOf(troubles);
  const expectedTransitions = outages.reduce((sum, { toMs }) => sum + (toMs === Infinity ? 1 : 2), 0);
  const routed = routedCalls(calls);
  const byId = new Map(lines.map((one) => [one.id, one]));
  const choices = routed.flatMap((call) => {
    const first = byId.get(call.id)?.media[0];
    return first ? [{ call, trunk: first.line }] : [];
  });
  const transitions = findMoves(choices, primary.name);
  const span = spanOf(troubles);
  const keepsOff = keptOffTrouble(plan, truth, lines);
  const stays = stayedOn(primary.name, lines);
  const away = span && firstOfRow(placedBetween(routed, span.fromMs, span.toMs), keepsOff);
  const home = span && firstOfRow(placedBetween(routed, span.toMs, Infinity), stays);
  return {
    calls: lines,
    transitions,
    expectedTransitions,
    excessTransitions: Math.max(0, transitions.length - expectedTransitions),
    awayMs: span && away ? away.inviteAt - span.fromMs : null,
    homeMs: span && home ? home.inviteAt - span.toMs : null,
  };
}

/** Faults between the site's router and the node that calls must reach, by this line: whatever they do to it. */
export function troublesOf(plan: Plan, { faults }: Truth, line: PlannedLine): AppliedFault[] {
  const links = lineLinks(plan, line);
  const between = nodesOn(plan, links).filter((node) => node !== line.router);
  return faults
    .filter(
      ({ fault }) =>
        links.includes(fault.target) || (fault.kind === 'power' && between.includes(fault.target)),
    )
    .map((applied) => ({ ...applied, toMs: applied.overMs }));
}

/** Answered, and neither signalling nor media began on a line that was in trouble then. */
export function keptOffTrouble(
  plan: Plan,
  truth: Truth,
  lines: readonly CallLines[],
): (call: PlacedCall) => boolean {
  const troubled = new Map(
    (plan.lab.lines ?? []).map((line) => [line.name, troublesOf(plan, truth, line).map(toInterval)]),
  );
  const isFit = (line: string, atMs: number) => !contains(troubled.get(line) ?? [], atMs);
  const byId = new Map(lines.map((one) => [one.id, one]));
  return ({ id, answeredAt }) => {
    const { signalling = null, media: [first] = [] } = byId.get(id) ?? {};
    return (
      answeredAt !== null &&
      signalling !== null &&
      first !== undefined &&
      isFit(signalling.line, signalling.atMs) &&
      isFit(first.line, first.fromMs)
    );
  };
}

/** Answered, and all of its media went by this line. */
export function stayedOn(line: string, lines: readonly CallLines[]): (call: CallMeasure) => boolean {
  const byId = new Map(lines.map((one) => [one.id, one]));
  return ({ id, answeredAt }) => {
    const { media = [] } = byId.get(id) ?? {};
    return answeredAt !== null && media.length > 0 && media.every((use) => use.line === line);
  };
}

/** What the site's router saw leave by each line. */
class LineSights {
  private readonly lineAt: ReadonlyMap<string, string>;
  /** What was sent by a line, by where it goes: behind a NAT that end alone is known from SDP. */
  private readonly sent = new Map<string, { line: string; stream: RtpStream }[]>();

  constructor(
    plan: Plan,
    private readonly index: CallEvidence,
  ) {
    this.lineAt = new Map(
      (plan.lab.lines ?? []).map((line) => [placeOf(line.router, line.interface), line.name]),
    );
    for (const stream of [...index.streams.sent.values()].flat()) {
      const line = this.lineAt.get(placeOf(stream.node, stream.interface));
      if (line === undefined) continue;
      const to = `${stream.dst.address}:${stream.dst.port}`;
      this.sent.set(to, [...(this.sent.get(to) ?? []), { line, stream }]);
    }
  }

  of({ id, sipCallId, inviteAt, endedAt }: CallMeasure): CallLines {
    const messages = this.index.sip.get(sipCallId) ?? [];
    const invite = messages.find(
      ({ method, status, seen }) =>
        method === 'INVITE' && status === null && this.lineAt.has(placeOf(seen.node, seen.interface)),
    );
    const line = invite && this.lineAt.get(placeOf(invite.seen.node, invite.seen.interface));
    const places = new Set(messages.flatMap(({ sdp }) => (sdp ? [`${sdp.address}:${sdp.port}`] : [])));
    const packets = [...places]
      .flatMap((place) => this.sent.get(place) ?? [])
      .flatMap((sent) =>
        Array.from(sent.stream.atMs, (atMs, at) => ({ line: sent.line, stream: sent.stream, atMs, at })),
      )
      .filter(({ atMs }) => atMs >= (inviteAt ?? Infinity) && atMs <= (endedAt ?? -Infinity))
      .sort((a, b) => a.atMs - b.atMs);
    const media: LineUse[] = [];
    for (const { line: by, stream, atMs, at } of packets) {
      const last = media.at(-1);
      if (last?.line === by) last.toMs = atMs;
      else {
        const evidence = {
          file: stream.file,
          frame: stream.frame[at] ?? 1,
          atMs,
          note: `${id}: media by ${by}`,
        };
        media.push({ line: by, fromMs: atMs, toMs: atMs, evidence });
      }
    }
    return { id, signalling: invite && line !== undefined ? { line, atMs: invite.seen.atMs } : null, media };
  }
}

const placeOf = (node: string, iface: string): string => `${node} ${iface}`;
