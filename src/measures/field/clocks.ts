import type { SipMessage } from '../../evidence/types.js';
import { messageKey } from './ladder.js';
import { shiftedSource, type FieldSource } from './source.js';
import type { FieldAnalysis } from './types.js';

/** Clocks closer than this are left alone: the difference can't be told from the time on the way. */
const NEGLIGIBLE_MS = 50;

/**
 * Puts captures of the same messages on the clock of the first. How far a clock is ahead is the mean of both ways'
 * median difference, as in NTP: what a message takes on the way cancels out. Captures with nothing in common stay.
 */
export function alignClocks(source: FieldSource): { source: FieldSource; clocks: FieldAnalysis['clocks'] } {
  const { files, sip } = source;
  if (files.length < 2) return { source, clocks: [] };
  const once = files.map((file) => messagesSeenOnce(sip, file));
  const clocks: FieldAnalysis['clocks'] = [];
  const aheadOf = new Map<string, number>();
  files.forEach((file, i) => {
    for (let base = 0; base < i; base++) {
      const difference = clockDifference(once[base]!, once[i]!);
      if (!difference) continue;
      const aheadMs = difference.aheadMs + (aheadOf.get(files[base]!) ?? 0);
      aheadOf.set(file, aheadMs);
      if (Math.abs(aheadMs) >= NEGLIGIBLE_MS) clocks.push({ file, aheadMs, messages: difference.messages });
      return;
    }
  });
  const corrections = new Map(clocks.map(({ file, aheadMs }) => [file, -aheadMs]));
  if (corrections.size === 0) return { source, clocks };
  return { source: shiftedSource(source, (file) => corrections.get(file) ?? 0), clocks };
}

/** Messages by key that one capture has exactly once: a retransmission can't be told from the first. */
function messagesSeenOnce(sip: readonly SipMessage[], file: string): Map<string, SipMessage> {
  const once = new Map<string, SipMessage>();
  const more = new Set<string>();
  for (const message of sip) {
    if (message.seen.file !== file) continue;
    const key = `${message.callId} ${messageKey(message)}`;
    if (once.has(key)) more.add(key);
    once.set(key, message);
  }
  for (const key of more) once.delete(key);
  return once;
}

function clockDifference(
  base: Map<string, SipMessage>,
  other: Map<string, SipMessage>,
): { aheadMs: number; messages: number } | null {
  // Two groups: the two ways of a pair of hosts, told apart by which of them has the lower address.
  const ways: [up: number[], down: number[]] = [[], []];
  for (const [key, message] of other) {
    const known = base.get(key);
    if (!known) continue;
    const isUp = message.src.address < message.dst.address;
    ways[isUp ? 0 : 1].push(message.seen.atMs - known.seen.atMs);
  }
  const medians = ways.filter(({ length }) => length > 0).map((values) => median(values));
  if (medians.length === 0) return null;
  const messages = ways[0].length + ways[1].length;
  return { aheadMs: medians.reduce((sum, value) => sum + value, 0) / medians.length, messages };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
