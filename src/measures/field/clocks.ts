import type { SipBook } from '../../evidence/sip-book.js';
import type { SipMessage } from '../../evidence/types.js';
import { groupedBy } from './grouping.js';
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
  const differences = differencesOf(sip, files);
  const clocks: FieldAnalysis['clocks'] = [];
  const aheadOf = new Map<string, number>();
  files.forEach((file, i) => {
    for (let base = 0; base < i; base++) {
      const difference = meanOf(differences(base, i));
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

/** How much later a second capture saw messages: of both ways between pairs of hosts, told apart by the lower address. */
type Differences = [up: number[], down: number[]];

/** Those of two files, by their places. A call is compared at a time. */
function differencesOf(sip: SipBook, files: readonly string[]): (base: number, other: number) => Differences {
  const all = files.map(() => files.map((): Differences => [[], []]));
  for (const dialogs of sip.dialogs()) {
    const messages = dialogs.read();
    const once = files.map((file) => messagesSeenOnce(messages, file));
    for (let other = 1; other < files.length; other++)
      for (let base = 0; base < other; base++) compare(once[base]!, once[other]!, all[base]![other]!);
  }
  return (base, other) => all[base]![other]!;
}

/** Messages of a call by key that one capture has exactly once: a retransmission can't be told from the first. */
function messagesSeenOnce(messages: readonly SipMessage[], file: string): Map<string, SipMessage> {
  const own = groupedBy(
    messages.filter(({ seen }) => seen.file === file),
    messageKey,
  );
  return new Map([...own].flatMap(([key, [message, ...more]]) => (more.length > 0 ? [] : [[key, message!]])));
}

function compare(
  base: ReadonlyMap<string, SipMessage>,
  other: ReadonlyMap<string, SipMessage>,
  [up, down]: Differences,
): void {
  for (const [key, message] of other) {
    const known = base.get(key);
    if (!known) continue;
    const isUp = message.src.address < message.dst.address;
    (isUp ? up : down).push(message.seen.atMs - known.seen.atMs);
  }
}

function meanOf(ways: Differences): { aheadMs: number; messages: number } | null {
  const medians = ways.filter(({ length }) => length > 0).map((values) => median(values));
  if (medians.length === 0) return null;
  const messages = ways[0].length + ways[1].length;
  return { aheadMs: medians.reduce((sum, value) => sum + value, 0) / medians.length, messages };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
