import type { PacketRecord } from './checks.js';

/** A time in which the machine did nothing for us. */
export interface Stall {
  fromMs: number;
  untilMs: number;
}

/** Longer than a packet takes over a bare cable, and than a program waits for its turn, on a machine with time. */
const LATE_MS = 1;

/** From packets over a bare cable: where one was sent late or arrived late. */
export function stallsOf(control: readonly PacketRecord[], gapMs: number): Stall[] {
  const startMs = Math.min(...control.map(({ sentMs }) => sentMs));
  return control.flatMap(({ seq, sentMs, receivedMs }) => {
    const fromMs = startMs + seq * gapMs;
    const untilMs = receivedMs ?? sentMs;
    return untilMs - fromMs > LATE_MS ? [{ fromMs, untilMs }] : [];
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

export const longestMs = (stalls: readonly Stall[]): number =>
  Math.max(0, ...stalls.map(({ fromMs, untilMs }) => untilMs - fromMs));
