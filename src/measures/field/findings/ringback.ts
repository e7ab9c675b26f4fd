import { citeMessage } from '../ladder.js';
import type { FieldCall, Finding } from '../types.js';
import { showsMedia, type Subject } from './case.js';
import { inSeconds } from './words.js';

/** docs/measures.md §1, time to ringback (E.721): good, degraded, and fail. */
const GOOD_MS = 2000;
const DEGRADED_MS = 6000;
const FAIL_MS = 11_000;

/** Sounds that tell a caller that something goes on. */
const AUDIBLE = new Set(['tone', 'other-audio', 'correct', 'crosstalk']);

export function ringbackFindings(call: FieldCall, subject: Subject): Finding[] {
  const { inviteAt, ringbackAt } = call;
  const responses = call.legs[0]?.hops[0]?.responses ?? [];
  // Without any response there's another finding, and a capture that begins later shows no ringing.
  if (inviteAt === null || responses.length === 0) return [];
  const waitedMs = (call.answeredAt ?? call.endedAt ?? subject.span?.endMs ?? inviteAt) - inviteAt;
  if (ringbackAt !== null && ringbackAt - inviteAt > DEGRADED_MS) return [slow(call, ringbackAt - inviteAt)];
  if (waitedMs <= GOOD_MS) return [];
  const why = whyUnheard(call, showsMedia(subject));
  return why === null ? [] : [missing(call, waitedMs, why)];
}

/** Why no ringing was to be heard; null if it was, or if that can't be told. */
function whyUnheard(call: FieldCall, canHear: boolean): string | null {
  if (call.audibleRingbackAt !== null) return null;
  if (call.ringbackAt === null)
    return call.earlyAudio !== null && AUDIBLE.has(call.earlyAudio)
      ? null
      : 'no 180 came, and no early media';
  if (!canHear) return null;
  if (call.earlyAudio === null) return 'a 183 promised early media, and no RTP came towards the caller';
  if (AUDIBLE.has(call.earlyAudio)) return null;
  return `a 183 promised early media, and there was only ${call.earlyAudio.replace('-', ' ')} in it`;
}

function missing(call: FieldCall, waitedMs: number, why: string): Finding {
  const until = call.answeredAt !== null ? 'until the answer' : 'until the end';
  return {
    code: 'NO_RINGBACK',
    severity: 'fault',
    calls: [call.number],
    summary: `The caller heard no ringing for ${inSeconds(waitedMs)} ${until}: ${why}.`,
    evidence: call.evidence,
  };
}

function slow(call: FieldCall, tookMs: number): Finding {
  const hop = call.legs[0]!.hops[0]!;
  const ringback = hop.responses.find(({ atMs }) => atMs === call.ringbackAt);
  return {
    code: 'SLOW_RINGBACK',
    severity: tookMs > FAIL_MS ? 'fault' : 'note',
    calls: [call.number],
    summary: `Ringing was signalled ${inSeconds(tookMs)} after the INVITE.`,
    evidence: [citeMessage(hop.invites[0]!), ...(ringback ? [citeMessage(ringback)] : [])],
  };
}
