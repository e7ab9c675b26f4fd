import type { Interval } from '../intervals.js';

/** So much of a call is listened to: audio takes memory, and a damaged capture may claim a call of years. */
const LONGEST_MS = 30 * 60_000;
/** Of it, so much before the answer. */
const LONGEST_EARLY_MS = 5 * 60_000;

/** What is played, and what of it is judged: from the answer on, or all of it without one. */
export function listeningTime(
  firstMediaMs: number,
  answeredAt: number | null,
  endMs: number,
): { recorded: Interval; judged: Interval } {
  const first = Math.min(firstMediaMs, endMs);
  const answer = Math.max(first, answeredAt ?? first);
  const startMs = Math.max(first, answer - LONGEST_EARLY_MS);
  const recorded = { startMs, endMs: Math.min(endMs, startMs + LONGEST_MS) };
  return { recorded, judged: { startMs: Math.min(answer, recorded.endMs), endMs: recorded.endMs } };
}
