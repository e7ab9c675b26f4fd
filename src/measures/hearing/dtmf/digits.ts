import type { EvidenceRef } from '../../../evidence/types.js';

export type DtmfChannel = 'event' | 'in-band' | 'info';

/** A digit that was dialled, once on each channel that told it. */
export interface DtmfDigit {
  /** `0`–`9`, `*`, `#`, `A`–`D`. */
  digit: string;
  channel: DtmfChannel;
  /** When it began, ms on the lab axis: at the point of capture, or of in-band digits at the ear. */
  atMs: number;
  /** Null where the sender didn't say. */
  durationMs: number | null;
  evidence: EvidenceRef | null;
  /** The same press of a key was told before, on another channel. */
  duplicate: boolean;
}

/** What a channel reports. */
export type ToldDigit = Omit<DtmfDigit, 'duplicate'>;

/** Two channels tell one press of a key within this: a jitter buffer, a round of SIP and a key held down lie between. */
const SAME_PRESS_MS = 400;

/**
 * Digits of all channels by time. A digit is a duplicate if another channel told the same one shortly before, and that
 * wasn't told by this channel too: each press makes at most one digit that is none.
 */
export function mergeDigits(...channels: (readonly ToldDigit[])[]): DtmfDigit[] {
  const all = channels.flat().sort((a, b) => a.atMs - b.atMs);
  const presses: { digit: string; atMs: number; channels: Set<DtmfChannel> }[] = [];
  return all.map((told) => {
    const press = presses.find(
      ({ digit, atMs, channels: known }) =>
        digit === told.digit && told.atMs - atMs <= SAME_PRESS_MS && !known.has(told.channel),
    );
    if (press) press.channels.add(told.channel);
    else presses.push({ digit: told.digit, atMs: told.atMs, channels: new Set([told.channel]) });
    return { ...told, duplicate: press !== undefined };
  });
}
