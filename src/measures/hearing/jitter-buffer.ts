import { startDecoder, type Codec, type Decoder } from '../../audio/codecs.js';
import { comfortNoise } from '../../audio/comfort-noise.js';
import { RATE_HZ, SAMPLES_PER_MS, type RateHz } from '../../audio/source.js';
import type { RtpStream } from '../../evidence/types.js';
import { conceal, CONCEALED_MS } from './concealment.js';
import { formatOf, NO_PAYLOADS, type Payloads } from './formats.js';
import { adaptiveBufferMs, schedule, type BufferLength, type ScheduledPacket } from './scheduling.js';

/** What the jitter buffer had for a frame of 20 ms; `noise`: RFC 3389 told it to make some, `undecoded`: see below. */
export const Frame = { none: 0, received: 1, lost: 2, late: 3, noise: 4, undecoded: 5 } as const;

export const FRAME_MS = 20;

/** A sequence jump of this size is a restart, not loss (RFC 3550 A.1, MAX_DROPOUT). */
const MAX_DROPOUT = 3000;
/** So long comfort noise goes on without another packet. */
const LONGEST_NOISE_MS = 5000;
/** An Opus packet of so few bytes has no audio: the sender paused (DTX), and sends one now and then. */
const OPUS_PAUSE_BYTES = 2;
/** Length of an undecoded packet whose successor never came. */
const TYPICAL_MS = 20;

export interface RenderInput {
  streams: RtpStream[];
  fromMs: number;
  toMs: number;
  /** Length of the jitter buffer in ms, or `adaptive`. */
  bufferMs: BufferLength;
  /** What SDP said of payload types. Default: static types only. */
  payloads?: Payloads;
  /** Default 8000, at which G.722 gives its lower half. 16000 only where all audio is G.722 or Opus (see `rateOf`). */
  rateHz?: RateHz;
  /** For each stream with Opus in it a decoder of its own, fresh, at `rateHz`: see `renderAnyEar`. */
  opus?: ReadonlyMap<RtpStream, Decoder>;
}

export interface RenderedEar {
  /** What came out of the jitter buffer; sample i is at `fromMs` + 1000·i/`rateHz` ms on the lab axis. */
  audio: Int16Array;
  rateHz: RateHz;
  fromMs: number;
  /** A value of `Frame` for each 20 ms of `audio`. */
  flags: Uint8Array;
  /** The same on the beat of the first packet played, so that a packet of 20 ms is a frame: for counting loss. */
  packetFlags: Uint8Array;
  /** Packets whose time to be played falls into the window; late ones are received too. */
  packets: { received: number; lost: number; late: number };
  /** The jitter buffer's length, which for an adaptive one comes from the packets. */
  bufferMs: number;
  /** Codec of the last packet played, null if none was. */
  codec: Codec | null;
  /** Why nothing of it can be heard although packets came; null if something was played, or nothing came. */
  undecodable: string | null;
}

/**
 * Plays the streams that reached one ear through a jitter buffer onto one wall clock, from `fromMs` to `toMs`. Of
 * streams that play at once (a new SSRC, early media and then the answer) the one that started last is heard. What
 * didn't come is concealed.
 */
export function renderEar(input: RenderInput): RenderedEar {
  const { streams, fromMs, toMs, payloads = NO_PAYLOADS, rateHz = RATE_HZ } = input;
  const bufferMs = input.bufferMs === 'adaptive' ? adaptiveBufferMs(streams, payloads) : input.bufferMs;
  const tape = new Tape(fromMs, Math.max(0, toMs - fromMs), rateHz, payloads);
  const byStart = [...streams].sort((a, b) => (a.atMs[0] ?? 0) - (b.atMs[0] ?? 0));
  for (const stream of byStart)
    tape.play(stream, schedule(stream, bufferMs, payloads), input.opus?.get(stream));
  conceal(tape.audio, tape, rateHz);
  const { audio, packets, codec } = tape;
  const undecodable = codec === null ? tape.undecoded : null;
  const [flags, packetFlags] = [tape.flags(0), tape.flags(tape.firstSample % ((FRAME_MS * rateHz) / 1000))];
  return { audio, rateHz, fromMs, flags, packetFlags, packets, bufferMs, codec, undecodable };
}

/** @throws RangeError if no decoder was made ready for a stream with Opus in it */
function decoderOf(codec: Codec, rateHz: RateHz): Decoder {
  if (codec === 'OPUS') throw new RangeError('no decoder was made ready for a stream with Opus');
  return startDecoder(codec, rateHz);
}

/** The ear's wall clock, sample by sample. */
class Tape {
  readonly packets = { received: 0, lost: 0, late: 0 };
  readonly audio: Int16Array;
  codec: Codec | null = null;
  undecoded: string | null = null;
  /** Where the first packet played begins. */
  firstSample = 0;
  private hasPlayed = false;
  private readonly status: Uint8Array;
  /** 1 where a codec filled in itself what didn't come. */
  private readonly filled: Uint8Array;
  private readonly perMs: number;

  constructor(
    private readonly fromMs: number,
    lastsMs: number,
    private readonly rateHz: RateHz,
    private readonly payloads: Payloads,
  ) {
    this.perMs = rateHz / 1000;
    // A whole number of samples at 8 kHz, whatever the rate.
    const length = Math.round(lastsMs * SAMPLES_PER_MS) * (this.perMs / SAMPLES_PER_MS);
    this.audio = new Int16Array(length);
    this.status = new Uint8Array(length);
    this.filled = new Uint8Array(length);
  }

  isReal(sample: number): boolean {
    return this.status[sample] === Frame.received || this.status[sample] === Frame.noise;
  }

  isFilled(sample: number): boolean {
    return this.filled[sample] === 1;
  }

  play(stream: RtpStream, packets: ScheduledPacket[], opus: Decoder | undefined): void {
    const decoders = new Map<Codec, Decoder>(opus && [['OPUS', opus]]);
    let played: { packet: ScheduledPacket; decoder: Decoder; endSample: number } | null = null;
    /** What a codec plays between what was played last and `sample`. */
    const fillUpTo = (sample: number, next: ScheduledPacket | null): void => {
      if (!played?.decoder.conceal || sample <= played.endSample) return;
      const { packet, endSample } = played;
      const isPause =
        next?.sequence === packet.sequence + 1 &&
        (stream.payload[packet.index]?.length ?? Infinity) <= OPUS_PAUSE_BYTES;
      const mostMs = Math.min((sample - endSample) / this.perMs, isPause ? LONGEST_NOISE_MS : CONCEALED_MS);
      this.fill(endSample, played.decoder.conceal(mostMs), isPause);
    };
    packets.forEach((packet, i) => {
      const before = packets[i - 1];
      if (before) this.markLost(before, packet);
      const bytes = stream.payload[packet.index];
      const format = formatOf(stream.payloadType[packet.index] ?? -1, this.payloads);
      if (!bytes || format.kind === 'silent') return;
      const next = packets[i + 1];
      if (format.kind === 'noise') return this.playNoise(packet, next, bytes);
      if (format.kind === 'undecoded') {
        const durationMs =
          next && next.sequence === packet.sequence + 1 ? next.playMs - packet.playMs : TYPICAL_MS;
        if (!this.count(packet, durationMs)) return;
        this.undecoded = format.reason;
        this.mark(packet.playMs, packet.playMs + durationMs, Frame.undecoded);
        return;
      }
      const decoder = decoders.get(format.codec) ?? decoderOf(format.codec, this.rateHz);
      decoders.set(format.codec, decoder);
      if (!this.count(packet, packet.durationMs)) return;
      if (packet.late) return this.mark(packet.playMs, packet.playMs + packet.durationMs, Frame.late);
      fillUpTo(this.sampleAt(packet.playMs), packet);
      const samples = decoder.decode(bytes);
      if (samples.length === 0) {
        this.undecoded = `what is said to be ${format.codec} is not`;
        return;
      }
      this.codec = format.codec;
      this.put(packet.playMs, samples, Frame.received);
      played = { packet, decoder, endSample: this.sampleAt(packet.playMs) + samples.length };
    });
    fillUpTo(this.audio.length, null);
  }

  /** Counts a packet if any of it is inside the window. */
  private count({ playMs, late }: ScheduledPacket, durationMs: number): boolean {
    if (this.sampleAt(playMs + durationMs) <= 0 || this.sampleAt(playMs) >= this.audio.length) return false;
    this.packets.received++;
    if (late) this.packets.late++;
    return true;
  }

  /** Comfort noise lasts until the next packet. */
  private playNoise(packet: ScheduledPacket, next: ScheduledPacket | undefined, bytes: Uint8Array): void {
    const untilMs = Math.min(next?.playMs ?? Infinity, packet.playMs + LONGEST_NOISE_MS);
    const length = this.sampleAt(untilMs) - this.sampleAt(packet.playMs);
    if (length > 0 && this.count(packet, untilMs - packet.playMs))
      this.put(packet.playMs, comfortNoise(bytes, length, packet.sequence), Frame.noise);
  }

  private put(playMs: number, samples: Int16Array, status: number): void {
    const start = this.sampleAt(playMs);
    if (!this.hasPlayed) this.firstSample = Math.max(0, start);
    this.hasPlayed = true;
    const inside = samples.subarray(Math.max(0, -start), Math.max(0, this.audio.length - start));
    this.audio.set(inside, Math.max(0, start));
    this.status.fill(status, Math.max(0, start), Math.max(0, start + samples.length));
  }

  private fill(start: number, samples: Int16Array, isPause: boolean): void {
    for (let i = Math.max(0, -start); i < samples.length && start + i < this.audio.length; i++) {
      if (this.isReal(start + i)) continue;
      this.audio[start + i] = samples[i]!;
      this.filled[start + i] = 1;
      if (isPause) this.status[start + i] = Frame.noise;
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
    this.markSamples(from, to, Frame.lost);
  }

  private mark(fromMs: number, toMs: number, status: number): void {
    this.markSamples(this.sampleAt(fromMs), this.sampleAt(toMs), status);
  }

  private markSamples(from: number, to: number, status: number): void {
    const end = Math.min(to, this.status.length);
    for (let i = Math.max(0, from); i < end; i++) if (!this.isReal(i)) this.status[i] = status;
  }

  private sampleAt(ms: number): number {
    return Math.round((ms - this.fromMs) * this.perMs);
  }

  /** For each frame, the first at sample `from`, the status that most of its samples have. */
  flags(from: number): Uint8Array {
    const length = FRAME_MS * this.perMs;
    const flags = new Uint8Array(Math.max(0, Math.floor((this.status.length - from) / length)));
    for (let frame = 0; frame < flags.length; frame++) {
      const counts = [0, 0, 0, 0, 0, 0];
      const start = from + frame * length;
      for (let i = start; i < start + length; i++) counts[this.status[i] ?? 0]!++;
      flags[frame] = counts.indexOf(Math.max(...counts));
    }
    return flags;
  }
}
