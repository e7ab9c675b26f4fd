import type { EvidenceRef, RtpStream } from '../evidence/types.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import { earNode, type CallEvidence } from './calls.js';
import { timeUp, type Ear } from './ears.js';
import { linksBetween } from './path.js';
import { callStreams } from './streams.js';
import type { ToldFrames } from './told.js';
import type { CallMeasure } from './types.js';

/** What is missing for longer is an outage, and no loss (docs/measures.md §2). */
const LONGEST_RUN = 12;
/** Left out after the answer and before the end: who relays may not know the call yet, or no more. */
const EDGE_MS = 500;

/** What became of the RTP for one ear between two neighbouring points at which it was captured. */
export interface WayLoss {
  /** `carrier-a, towards firewall-a`, in words. */
  from: string;
  to: string;
  sent: number;
  /** Of those, not seen at the second point; in runs of less than 240 ms. */
  missing: number;
  /** So many the emulators between the points were told to take; null if nobody knows. */
  told: number | null;
  /** The first that is missing, where it was seen last. */
  evidence: EvidenceRef | null;
}

interface Point {
  place: string;
  link: string;
  order: number;
  streams: RtpStream[];
}

/**
 * Follows the RTP for an ear from one capture to the next by SSRC and sequence number. Points between which these are
 * changed can't be compared, and are left out.
 */
export function lossesOnWay(
  call: CallMeasure,
  ear: Ear,
  index: CallEvidence,
  told: ToldFrames | null,
): WayLoss[] {
  const up = timeUp(call);
  if (!up) return [];
  const [fromMs, toMs] = [up.startMs + EDGE_MS, up.endMs - EDGE_MS];
  const points = pointsOf(call, ear, index);
  return points.slice(1).flatMap((after, i) => {
    const before = points[i]!;
    return between(before, after, { index, told, fromMs, toMs });
  });
}

function pointsOf(call: CallMeasure, ear: Ear, index: CallEvidence): Point[] {
  const { plan, streams } = index;
  const listener = earNode(plan, call, ear);
  const talker = earNode(plan, call, ear === 'caller' ? 'callee' : 'caller');
  if (listener === null || talker === null) return [];
  const messages = index.sip.get(call.sipCallId) ?? [];
  const way = linksBetween(plan, talker, listener);
  const talkers = new Set(
    callStreams(streams, messages, talker, 'from').map(({ src }) => `${src.address}:${src.port}`),
  );
  const places = new Set(
    messages.flatMap(({ seen, sdp }) =>
      sdp && seen.sent && seen.node === listener ? [`${sdp.address}:${sdp.port}`] : [],
    ),
  );
  const points = new Map<string, Point>();
  for (const stream of [...streams.sent.values(), ...streams.received.values()].flat()) {
    const { src, dst, node, file, atMs } = stream;
    if (!talkers.has(`${src.address}:${src.port}`) && !places.has(`${dst.address}:${dst.port}`)) continue;
    if ((atMs[0] ?? Infinity) > (call.endedAt ?? 0) || (atMs.at(-1) ?? 0) < (call.inviteAt ?? 0)) continue;
    const isHere = (end: PlannedLink['a']) => end.node === node && end.interface === stream.interface;
    const link = plan.lab.links.find(({ a, b }) => isHere(a) || isHere(b))?.name;
    const step = way.indexOf(link ?? '');
    if (link === undefined || step === -1) continue;
    const isFar = linksBetween(plan, talker, node).length > step;
    const point = points.get(file);
    if (point) point.streams.push(stream);
    else
      points.set(file, {
        place: `${node} (${link})`,
        link,
        order: 2 * step + (isFar ? 1 : 0),
        streams: [stream],
      });
  }
  return [...points.values()].sort((a, b) => a.order - b.order);
}

interface Stretch {
  index: CallEvidence;
  told: ToldFrames | null;
  fromMs: number;
  toMs: number;
}

function between(before: Point, after: Point, stretch: Stretch): WayLoss[] {
  const known = new Set(after.streams.map(({ ssrc }) => ssrc));
  const comparable = before.streams.filter(({ ssrc }) => known.has(ssrc));
  if (comparable.length === 0) return [];
  const arrived = new Set(after.streams.flatMap((stream) => keysOf(stream)));
  const crossed = emulatorsBetween(before, after, stretch.index);
  const loss: WayLoss = {
    from: before.place,
    to: after.place,
    sent: 0,
    missing: 0,
    told: 0,
    evidence: null,
  };
  for (const stream of comparable) {
    const { sent, lost } = missingOf(stream, arrived, stretch);
    loss.sent += sent;
    loss.missing += lost.length;
    const [first] = lost;
    if (first !== undefined) loss.evidence ??= lastSight(stream, first, before, after);
    const flows = [stream, ...after.streams.filter(({ ssrc }) => ssrc === stream.ssrc)];
    const taken = sent === 0 ? 0 : takenFrom(flows, crossed, stretch);
    loss.told = loss.told === null || taken === null ? null : loss.told + taken;
  }
  return [loss];
}

/**
 * Links with an emulator between two points; one at a link's far end is behind its emulator. Where links without a capture
 * lie between the two, nobody saw which way it went: it may have been any.
 */
function emulatorsBetween(before: Point, after: Point, { plan }: CallEvidence): string[] {
  const impaired = plan.lab.links.filter((link) => link.impaired).map(({ name }) => name);
  const stepOf = ({ order }: Point) => Math.floor(order / 2);
  if (stepOf(after) - stepOf(before) > 1) return impaired;
  const isBehind = (link: string) => link === before.link && before.order % 2 === 1;
  const isAhead = (link: string) => link === after.link && after.order % 2 === 0;
  return impaired.filter(
    (link) => (link === before.link || link === after.link) && !isBehind(link) && !isAhead(link),
  );
}

/** Which packets of a stream, by their place in it, did not arrive; outages are none of them. */
function missingOf(stream: RtpStream, arrived: Set<string>, { fromMs, toMs }: Stretch) {
  const runs: number[][] = [];
  let [sent, run]: [number, number[]] = [0, []];
  for (const [i, key] of keysOf(stream).entries()) {
    const at = stream.atMs[i] ?? 0;
    if (at < fromMs || at >= toMs) continue;
    sent++;
    if (arrived.has(key)) run = [];
    else if (run.push(i) === 1) runs.push(run);
  }
  return { sent, lost: runs.filter(({ length }) => length < LONGEST_RUN).flat() };
}

const lastSight = (stream: RtpStream, i: number, before: Point, after: Point): EvidenceRef => ({
  file: stream.file,
  frame: stream.frame[i] ?? 1,
  atMs: stream.atMs[i] ?? 0,
  note: `seen at ${before.place} and not at ${after.place}`,
});

/**
 * How many frames of a stream the emulators of these links took. A node on the way may give it other ports, so it is looked
 * for by those of either side; where it came by none of them it went unnoticed, and nobody knows.
 */
function takenFrom(flows: RtpStream[], links: string[], { told, fromMs, toMs }: Stretch): number | null {
  let taken = 0;
  for (const link of links) {
    const frames = flows
      .map(({ src, dst }) => told?.of(link, src.port, dst.port, fromMs, toMs) ?? [])
      .find(({ length }) => length > 0);
    if (!frames) return null;
    taken += frames.filter(({ lost }) => lost).length;
  }
  return taken;
}

/** Each packet by SSRC and sequence number, in order of capture. */
const keysOf = ({ ssrc, sequence }: RtpStream): string[] =>
  Array.from(sequence, (number) => `${ssrc} ${number}`);
