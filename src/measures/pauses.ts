import { callPayloads, type Ear } from './ears.js';
import { earNode, type CallEvidence } from './calls.js';
import { formatOf, type Payloads } from './hearing/formats.js';
import { difference, intersection, union, type Interval } from './intervals.js';
import { callStreams } from './streams.js';
import type { CallMeasure, EarMeasure } from './types.js';
import type { RtpStream } from '../evidence/types.js';

/** The edge of an outage is promised to −5…+60 ms (docs/measures.md §2). */
const EDGE_MS = 60;
/** What is left of an outage at the edges of a pause. */
const LEFTOVER_MS = 240;

/**
 * When a party paused on purpose, by its own capture: from each comfort noise that it sent (RFC 3389) to its next word. It
 * is in the mouth's time, as outages are.
 */
export function pausesOf(call: CallMeasure, party: Ear, index: CallEvidence): Interval[] {
  const node = earNode(index.plan, call, party);
  if (node === null) return [];
  const sent = callStreams(index.streams, index.sip.get(call.sipCallId) ?? [], node, 'from');
  const payloads = callPayloads(call, index);
  return union(sent.flatMap((stream) => pausesIn(stream, payloads)));
}

function pausesIn({ atMs, payloadType }: RtpStream, payloads: Payloads): Interval[] {
  const isNoise = Array.from(payloadType, (type) => formatOf(type, payloads).kind === 'noise');
  return isNoise.flatMap((noise, i): Interval[] =>
    noise ? [{ startMs: atMs[i] ?? 0, endMs: atMs[i + 1] ?? Infinity }] : [],
  );
}

/**
 * What an ear is held to, without the pauses of the other party: there it need not hear a voice, as long as it heard
 * comfort noise. Pauses in which it heard anything else, or nothing, stay outages.
 * @param up the time for which `heardShare` is
 */
export function withoutPauses<Heard extends Pick<EarMeasure, 'heardShare' | 'outages' | 'segments'>>(
  heard: Heard,
  pauses: readonly Interval[],
  up: Interval,
): Heard {
  if (pauses.length === 0) return heard;
  const noise = heard.segments
    .filter((segment) => segment.class === 'comfort-noise')
    .map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs }));
  const around = pauses.map(({ startMs, endMs }) => ({ startMs: startMs - EDGE_MS, endMs: endMs + EDGE_MS }));
  const excused = intersection(intersection(noise, around), [up]);
  const excusedMs = excused.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const upMs = up.endMs - up.startMs;
  if (excusedMs === 0) return heard;
  const outages = difference(heard.outages, excused).filter(
    (left) =>
      left.endMs - left.startMs >= LEFTOVER_MS ||
      heard.outages.some(({ startMs, endMs }) => startMs === left.startMs && endMs === left.endMs),
  );
  const { heardShare } = heard;
  return {
    ...heard,
    outages,
    heardShare:
      heardShare === null || excusedMs >= upMs ? null : Math.min(1, (heardShare * upMs) / (upMs - excusedMs)),
  };
}
