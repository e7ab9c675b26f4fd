import type { PacketRecord } from './checks.js';

/** A time in which the machine did nothing for us. */
export interface Stall {
  fromMs: number;
  untilMs: number;
}

/** Longer than a packet takes over a bare cable, and than a program waits for its turn, on a machine with time. */
const LATE_MS = 0.4;

/** From packets over a bare cable: where one was sent late or arrived late. */
export function stallsOf(control: readonly PacketRecord[], gapMs: number): Stall[] {
  const startMs = Math.min(...control.map(({ sentMs }) => sentMs));
  return control.flatMap(({ seq, sentMs, receivedMs }) => {
    const fromMs = startMs + seq * gapMs;
    const untilMs = receivedMs ?? sentMs;
    // It may have begun right after the packet before.
    return untilMs - fromMs > LATE_MS ? [{ fromMs: fromMs - gapMs, untilMs }] : [];
  });
}

/** The packets that were neither sent nor received during a stall. */
export function undisturbed(records: readonly PacketRecord[], stalls: readonly Stall[]): PacketRecord[] {
  const stalled = (ms: number) =>
    stalls.some(({ fromMs, untilMs }) => ms >= fromMs && ms <= untilMs + LATE_MS);
  return records.filter(
    ({ sentMs, receivedMs }) => !stalled(sentMs) && (receivedMs === null || !stalled(receivedMs)),
  );
}

/** The longest stall while packets were under way. */
export function longestMs(stalls: readonly Stall[], records: readonly PacketRecord[]): number {
  const beginMs = Math.min(...records.map(({ sentMs }) => sentMs));
  const endMs = Math.max(...records.map(({ sentMs, receivedMs }) => receivedMs ?? sentMs));
  const met = stalls.filter(({ fromMs, untilMs }) => fromMs <= endMs && untilMs >= beginMs);
  return Math.max(0, ...met.map(({ fromMs, untilMs }) => untilMs - fromMs));
}
