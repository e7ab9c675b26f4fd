import type { MediaEncryption } from '../../evidence/types.js';
import type { Announcement, Party } from './types.js';

/**
 * How the keys of a stream are agreed on, by what either side of its hop announced last before its end. Where both sides
 * were seen, both must say so: an offer of SRTP can be answered with plain RTP (RFC 8643). Null for plain RTP.
 */
export function encryptionOf(
  announcements: readonly Announcement[],
  { hop, lastMs }: { hop: number; lastMs: number },
): MediaEncryption | null {
  const latest = new Map<Party, MediaEncryption | null>();
  for (const { side, sdp, atMs, hop: at } of announcements)
    if (at === hop && (atMs <= lastMs || !latest.has(side))) latest.set(side, sdp.encryption ?? null);
  const said = [...latest.values()];
  return said.includes(null) ? null : (said[0] ?? null);
}
