import { decode, PAYLOAD_TYPE, type Law } from '../audio/g711.js';
import { PHASES, phaseStep, SYMBOL_MS, symbolsFrom } from '../audio/signature.js';
import { SAMPLES_PER_MS } from '../audio/source.js';
import type { RtpStream } from '../evidence/types.js';

/** Share of a packet's energy that its symbol's tone must have; of another symbol's it has 4 % at most. */
const MIN_SHARE = 0.5;

/** A stretch of a sent stream that was not its talker's signature. */
export interface WrongVoice {
  lastsMs: number;
  /** Index of its first packet. */
  index: number;
}

/**
 * The longest stretch in which a stream, as its own sender's capture has it, did not carry this signature. One packet of
 * each symbol is looked at: what left the talker has no loss, delay or echo, so that there's nothing to search for.
 */
export function longestWrongVoice(
  stream: RtpStream,
  key: Buffer,
  fromMs: number,
  toMs: number,
): WrongVoice | null {
  const packets = packetPerSymbol(stream, fromMs, toMs);
  const [first, last] = [packets[0], packets.at(-1)];
  if (!first || !last) return null;
  const symbols = symbolsFrom(key, first.symbol, last.symbol - first.symbol + 1);
  let longest: WrongVoice | null = null;
  let begin: number | null = null;
  for (const { index, symbol } of packets) {
    // The lab's own talkers speak G.711 and nothing else.
    const law = lawOf(stream.payloadType[index]);
    const samples = law && decode(law, stream.payload[index] ?? new Uint8Array());
    if (samples && toneShare(samples, symbols[symbol - first.symbol] ?? 0) >= MIN_SHARE) {
      begin = null;
      continue;
    }
    begin ??= index;
    const lastsMs = (stream.atMs[index] ?? 0) - (stream.atMs[begin] ?? 0) + SYMBOL_MS;
    if (lastsMs > (longest?.lastsMs ?? 0)) longest = { lastsMs, index: begin };
  }
  return longest;
}

const lawOf = (type: number | undefined): Law | undefined =>
  (['PCMU', 'PCMA'] as const).find((law) => PAYLOAD_TYPE[law] === type);

/** For each symbol the packet that was due nearest to its middle, if it lies within the symbol as a whole. */
function packetPerSymbol(stream: RtpStream, fromMs: number, toMs: number) {
  const dueMs = dueTimes(stream);
  const packets: { index: number; symbol: number; offMs: number }[] = [];
  for (let index = 0; index < dueMs.length; index++) {
    const startMs = dueMs[index] ?? 0;
    const lastsMs = (stream.payload[index]?.length ?? 0) / SAMPLES_PER_MS;
    if (startMs < fromMs || startMs + lastsMs > toMs) continue;
    const middleMs = startMs + lastsMs / 2;
    const symbol = Math.floor(middleMs / SYMBOL_MS);
    const offMs = Math.abs(middleMs - (symbol + 0.5) * SYMBOL_MS);
    if (offMs + lastsMs / 2 > SYMBOL_MS / 2) continue;
    const before = packets.at(-1);
    if (before?.symbol !== symbol) packets.push({ index, symbol, offMs });
    else if (offMs < before.offMs) packets[packets.length - 1] = { index, symbol, offMs };
  }
  return packets;
}

/** When each packet should have left: by its timestamp, on the beat of the one that left least late. */
function dueTimes({ atMs, timestamp }: RtpStream): Float64Array {
  const mediaMs = new Float64Array(atMs.length);
  for (let i = 1; i < mediaMs.length; i++)
    mediaMs[i] =
      (mediaMs[i - 1] ?? 0) + (((timestamp[i] ?? 0) - (timestamp[i - 1] ?? 0)) | 0) / SAMPLES_PER_MS;
  const startMs = mediaMs.reduce((least, media, i) => Math.min(least, (atMs[i] ?? 0) - media), Infinity);
  return mediaMs.map((media) => startMs + media);
}

/** Share of the energy that is at a symbol's frequency (Goertzel). */
function toneShare(samples: Int16Array, symbol: number): number {
  const twoCos = 2 * Math.cos((2 * Math.PI * phaseStep(symbol)) / PHASES);
  let [s1, s2, energy] = [0, 0, 0];
  for (const sample of samples) {
    const s0 = sample + twoCos * s1 - s2;
    s2 = s1;
    s1 = s0;
    energy += sample * sample;
  }
  const power = s1 * s1 + s2 * s2 - twoCos * s1 * s2;
  return energy === 0 ? 0 : (2 * power) / (samples.length * energy);
}
