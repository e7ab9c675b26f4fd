import { decode, lawOf, type Law } from '../../audio/g711.js';
import { SAMPLES_PER_MS } from '../../audio/source.js';
import type { RtpStream } from '../../evidence/types.js';
import { conceal } from './concealment.js';
import { schedule, type ScheduledPacket } from './scheduling.js';

/** What the jitter buffer had for a frame of 20 ms. */
export const Frame = { none: 0, received: 1, lost: 2, late: 3 } as const;

export const FRAME_MS = 20;
const FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS;

/** A sequence jump of this size is a restart, not loss (RFC 3550 A.1, MAX_DROPOUT). */
const MAX_DROPOUT = 3000;

export interface RenderedEar {
  /** What came out of the jitter buffer, 8 kHz; sample i is at `fromMs` + i/8 ms on the lab axis. */
  audio: Int16Array;
  fromMs: number;
  /** A value of `Frame` for each 20 ms of `audio`. */
  flags: Uint8Array;
  /** Packets whose time to be played falls into the window; late ones are received too. */
  packets: { received: number; lost: number; late: number };
  /** Law of the last packet played, null if none was. */
  law: Law | null;
}

/**
 * Plays the streams that reached one ear through a jitter buffer of `bufferMs` onto one wall clock, from `fromMs`
 * to `toMs`. Of streams that play at once (a new SSRC, early media and then the answer) the one that started
 * last is heard. What didn't come is concealed.
 */
export function renderEar(input: {
  streams: RtpStream[];
  fromMs: number;
  toMs: number;
  bufferMs: number;
}): RenderedEar {
  const { fromMs, toMs, bufferMs } = input;
  const length = Math.max(0, Math.round((toMs - fromMs) * SAMPLES_PER_MS));
  const tape = new Tape(fromMs, new Int16Array(length), new Uint8Array(length));
  const byStart = [...input.streams].sort((a, b) => (a.atMs[0] ?? 0) - (b.atMs[0] ?? 0));
  for (const stream of byStart) tape.play(stream, schedule(stream, bufferMs));
  conceal(tape.audio, (i) => tape.status[i] === Frame.received);
  return { audio: tape.audio, fromMs, flags: flagsOf(tape.status), packets: tape.packets, law: tape.law };
}

/** The ear's wall clock, sample by sample. */
class Tape {
  readonly packets = { received: 0, lost: 0, late: 0 };
  law: Law | null = null;

  constructor(
    private readonly fromMs: number,
    readonly audio: Int16Array,
    readonly status: Uint8Array,
  ) {}

  play(stream: RtpStream, packets: ScheduledPacket[]): void {
    let before: ScheduledPacket | undefined;
    for (const packet of packets) {
      if (before) this.markLost(before, packet);
      before = packet;
      const start = this.sampleAt(packet.playMs);
      const law = lawOf(stream.payloadType[packet.index] ?? -1);
      const bytes = stream.payload[packet.index];
      if (!law || !bytes || start + bytes.length <= 0 || start >= this.audio.length) continue;
      this.packets.received++;
      if (packet.late) {
        this.packets.late++;
        this.mark(start, start + bytes.length, Frame.late);
        continue;
      }
      this.law = law;
      const samples = decode(law, bytes).subarray(Math.max(0, -start), this.audio.length - start);
      this.audio.set(samples, Math.max(0, start));
      this.mark(start, start + bytes.length, Frame.received);
    }
  }

  private markLost(before: ScheduledPacket, after: ScheduledPacket): void {
    const missing = after.sequence - before.sequence - 1;
    if (missing < 1 || missing > MAX_DROPOUT) return;
    const from = this.sampleAt(before.playMs + before.durationMs);
    const to = this.sampleAt(after.playMs);
    if (to <= from) return;
    const inside = Math.min(to, this.status.length) - Math.max(from, 0);
    if (inside <= 0) return;
    this.packets.lost += Math.round((missing * inside) / (to - from));
    this.mark(from, to, Frame.lost);
  }

  private mark(from: number, to: number, status: number): void {
    const end = Math.min(to, this.status.length);
    for (let i = Math.max(0, from); i < end; i++)
      if (status === Frame.received || this.status[i] !== Frame.received) this.status[i] = status;
  }

  private sampleAt(ms: number): number {
    return Math.round((ms - this.fromMs) * SAMPLES_PER_MS);
  }
}

function flagsOf(status: Uint8Array): Uint8Array {
  const flags = new Uint8Array(Math.floor(status.length / FRAME_SAMPLES));
  for (let frame = 0; frame < flags.length; frame++) {
    const counts = [0, 0, 0, 0];
    for (let i = frame * FRAME_SAMPLES; i < (frame + 1) * FRAME_SAMPLES; i++) counts[status[i] ?? 0]!++;
    flags[frame] = counts.indexOf(Math.max(...counts));
  }
  return flags;
}
