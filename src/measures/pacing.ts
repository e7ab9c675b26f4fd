import { PAYLOAD_TYPE } from '../audio/g711.js';
import type { Evidence, RtpStream } from '../evidence/types.js';
import type { Plan } from '../plan/types.js';
import { percentile } from './percentile.js';

/** RTP clock of G.711 in ticks a millisecond (RFC 3551 §4.5.14). */
const TICKS_PER_MS = 8;

/**
 * How evenly the lab's own senders (phones and carriers) sent, from the captures where they sent: the 99th percentile
 * of |gap − due gap| in ms. The due gap is what the RTP timestamps say, 20 ms for the usual packet; a packet after
 * a pause (marker) or after a missing one says nothing.
 * @returns null if no media was sent
 */
export function pacingP99Ms(plan: Plan, { rtp }: Evidence): number | null {
  const senders = new Set(
    plan.lab.nodes.filter(({ role }) => role === 'phone' || role === 'carrier').map(({ name }) => name),
  );
  return percentile(rtp.filter(({ node, sent }) => sent && senders.has(node)).flatMap(latenesses), 0.99);
}

function latenesses({ atMs, sequence, timestamp, marker, payloadType }: RtpStream): number[] {
  const late: number[] = [];
  // Telephone events tell one time again and again, and the end of each beside the next audio.
  const isAudio = (index: number) => payloadType[index] === PAYLOAD_TYPE.PCMU;
  for (let index = 1; index < atMs.length; index++) {
    const step = ((sequence[index] ?? 0) - (sequence[index - 1] ?? 0)) & 0xffff;
    if (step !== 1 || marker[index] === 1 || !isAudio(index) || !isAudio(index - 1)) continue;
    const dueMs = (((timestamp[index] ?? 0) - (timestamp[index - 1] ?? 0)) >>> 0) / TICKS_PER_MS;
    late.push(Math.abs((atMs[index] ?? 0) - (atMs[index - 1] ?? 0) - dueMs));
  }
  return late;
}
