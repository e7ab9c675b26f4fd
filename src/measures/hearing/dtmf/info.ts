import type { EvidenceRef } from '../../../evidence/types.js';
import { EVENT_DIGITS } from '../../../audio/dtmf.js';
import type { ToldDigit } from './digits.js';

/** A SIP INFO request as it was seen. */
export interface InfoRequest {
  atMs: number;
  callId: string;
  /** Tag of whoever sent it: each side of a dialog counts its own CSeq. */
  fromTag: string | null;
  cseq: number;
  contentType: string;
  body: string;
  evidence: EvidenceRef;
}

/**
 * Digits in SIP INFO: `application/dtmf-relay` (Signal=5, Duration=160) and `application/dtmf` (the digit alone). One for
 * each Call-ID, sender and CSeq: what comes again is a retransmission, or the same request at another hop.
 */
export function infoDigits(requests: readonly InfoRequest[]): ToldDigit[] {
  const digits = new Map<string, ToldDigit>();
  for (const { atMs, callId, fromTag, cseq, contentType, body, evidence } of requests) {
    const key = JSON.stringify([callId, fromTag, cseq]);
    const told = digits.has(key) ? null : parse(contentType, body);
    if (told) digits.set(key, { ...told, channel: 'info', atMs, evidence });
  }
  return [...digits.values()].sort((a, b) => a.atMs - b.atMs);
}

function parse(contentType: string, body: string): Pick<ToldDigit, 'digit' | 'durationMs'> | null {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/dtmf') return digitOf(body.trim(), null);
  if (type !== 'application/dtmf-relay') return null;
  const duration = /^\s*Duration\s*=\s*(\d{1,6})/im.exec(body)?.[1];
  return digitOf(
    /^\s*Signal\s*=\s*(\S{1,2})/im.exec(body)?.[1] ?? '',
    duration === undefined ? null : Number(duration),
  );
}

/** `10` and `11` stand for `*` and `#` in some phones, as in RFC 4733. */
function digitOf(text: string, durationMs: number | null): Pick<ToldDigit, 'digit' | 'durationMs'> | null {
  const digit = /^1[0-5]$/.test(text) ? EVENT_DIGITS[Number(text)]! : text.toUpperCase();
  return digit.length === 1 && EVENT_DIGITS.includes(digit) ? { digit, durationMs } : null;
}
