import type { RtpStream } from '../../evidence/types.js';
import type { PacketHole } from './types.js';

/** Shorter ones are jitter, or a packet or two lost. The smallest outage worth a line: docs/measures.md §2. */
const SHORTEST_MS = 240;
/** RFC 3550 A.1, MAX_DROPOUT: a jump beyond it is a sender that began anew. */
const MAX_DROPOUT = 3000;

/** When no packet of a stream came for at least 240 ms, and whether any was sent meanwhile. */
export function packetHoles({
  atMs,
  sequence,
  frame,
}: Pick<RtpStream, 'atMs' | 'sequence' | 'frame'>): PacketHole[] {
  const holes: PacketHole[] = [];
  for (let i = 1; i < atMs.length; i++) {
    const [startMs, endMs] = [atMs[i - 1]!, atMs[i]!];
    if (endMs - startMs < SHORTEST_MS) continue;
    const missed = ((sequence[i]! - sequence[i - 1]! - 1) << 16) >> 16;
    const packets = missed > 0 && missed <= MAX_DROPOUT ? missed : 0;
    holes.push({
      startMs,
      endMs,
      kind: packets > 0 ? 'lost' : 'paused',
      packets,
      frames: [frame[i - 1]!, frame[i]!],
    });
  }
  return holes;
}
