import { noisePayload } from '../../src/audio/comfort-noise.js';
import { SignatureSource, signatureKey } from '../../src/audio/signature.js';
import type { AudioSource } from '../../src/audio/source.js';
import type { EarInput } from '../../src/measures/hearing/ear.js';
import { rateOf } from '../../src/measures/hearing/formats.js';
import { adaptiveBufferMs } from '../../src/measures/hearing/scheduling.js';
import {
  arrivedStream,
  mixed,
  encodeFrames,
  nextFrame,
  PAYLOAD_TYPES,
  PAYLOADS,
  senderRate,
  ticksOf,
  type Arrived,
} from '../fixtures/encoding.js';
import { randomFrom } from '../fixtures/streams.js';
import { FROM_MS, OPUS_RATES, PACKET_MS, type Cell } from './hearing-cells.js';
import { between, holeIn, NO_TROUBLE, troubleOf, type Random, type Trouble } from './hearing-trouble.js';

const PAYLOAD_CN = 13;
const CN_EVERY = 10;

/** What one ear should hear. Places are packets, counted from the call's first. */
export interface EarTruth {
  /** Where the voice wasn't sent, and what was instead. */
  hole: Trouble['hole'];
  beside: Trouble['beside'];
  /** 1 where the voice wasn't sent, was lost, or came too late. */
  missing: Uint8Array;
  /** Of the least delayed of the first packets, to which the jitter buffer is anchored. */
  delayMs: number;
  choppy: boolean;
}

export interface LabelledCall {
  cell: Cell;
  lastsMs: number;
  ears: Record<'caller' | 'callee', { input: EarInput; truth: EarTruth }>;
}

/** The call of this seed in this cell; `lastsMs` is drawn (4–8 s) unless given. */
export function labelledCall(cell: Cell, seed: number, lastsMs?: number): LabelledCall {
  const random = randomFrom(seed);
  const length = lastsMs ?? Math.round(between(random, 200, 400)) * PACKET_MS;
  const troubled = cell.condition === 'one-way: callee deaf' ? 'callee' : 'caller';
  const hole = holeIn(random, length / PACKET_MS);
  const ear = (name: 'caller' | 'callee') => {
    const has = name === troubled || cell.condition === 'dead air';
    return earOf(
      cell,
      seed,
      name,
      length,
      has ? troubleOf(cell, seed, name, hole, random) : NO_TROUBLE,
      random,
    );
  };
  return { cell, lastsMs: length, ears: { caller: ear('caller'), callee: ear('callee') } };
}

function earOf(
  cell: Cell,
  seed: number,
  ear: 'caller' | 'callee',
  lastsMs: number,
  trouble: Trouble,
  random: Random,
): { input: EarInput; truth: EarTruth } {
  const [voice, own] =
    ear === 'caller' ? (['from-callee', 'from-caller'] as const) : (['from-caller', 'from-callee'] as const);
  const expectedKey = signatureKey(seed, 'call-1', voice);
  const delayMs = between(random, 5, 150);
  const sent = sentPackets(cell, seed, expectedKey, lastsMs, trouble, random);
  const isLost = lossOf(cell, random);
  const chopped = choppedPlaces(trouble, sent.length, random);
  const arrived: (Arrived & { place: number; sentMs: number })[] = [];
  sent.forEach((packet, place) => {
    const lost = isLost();
    const held = random() * cell.jitterMs;
    const spike = trouble.spikes.find(({ from, to }) => place >= from && place < to)?.ms ?? 0;
    if (packet && !lost && !chopped.has(place))
      arrived.push({ ...packet, place, atMs: packet.sentMs + delayMs + held + spike });
  });
  const stream = arrivedStream(arrived);
  const streams = arrived.length > 0 ? [stream] : [];
  const anchor = [...arrived].sort((a, b) => a.atMs - b.atMs).slice(0, 10);
  // Where nothing came there is no delay, and nothing that it could shift.
  const leastMs = anchor.length > 0 ? Math.min(...anchor.map(({ atMs, sentMs }) => atMs - sentMs)) : 0;
  const bufferMs = cell.bufferMs === 'adaptive' ? adaptiveBufferMs(streams, PAYLOADS) : cell.bufferMs;
  const missing = new Uint8Array(sent.length).fill(1);
  for (const { atMs, sentMs, place } of arrived) {
    const isVoice = !trouble.hole || place < trouble.hole.from || place >= trouble.hole.to;
    if (isVoice && atMs - sentMs <= leastMs + bufferMs) missing[place] = 0;
  }
  const { hole, beside, choppy } = trouble;
  return {
    truth: { hole, beside, choppy, missing, delayMs: leastMs },
    input: {
      streams,
      fromMs: FROM_MS,
      toMs: FROM_MS + lastsMs,
      bufferMs: cell.bufferMs,
      rateHz: seed % 2 === 0 ? rateOf(streams, PAYLOADS) : 8000,
      payloads: PAYLOADS,
      expectedKey,
      ownKey: signatureKey(seed, 'call-1', own),
      otherKeys: Array.from({ length: 8 }, (_, i) => ({
        call: `call-${i + 2}`,
        key: signatureKey(seed, `call-${i + 2}`, 'from-callee'),
      })),
    },
  };
}

/** One entry for each 20 ms of the call; null where nothing is sent. */
function sentPackets(
  { codec }: Cell,
  seed: number,
  key: Buffer,
  lastsMs: number,
  { hole, instead, under }: Trouble,
  random: Random,
) {
  const rateHz = senderRate(codec);
  const signature = new SignatureSource(key, FROM_MS, rateHz);
  const voice = under ? mixed(signature, under) : signature;
  const noise = noisePayload(between(random, -65, -50));
  let sequence = Math.floor(random() * 65536);
  const firstTimestamp = Math.floor(random() * 2 ** 32);
  let paused = true;
  const isInHole = (place: number): boolean => hole !== null && place >= hole.from && place < hole.to;
  const frames = Array.from({ length: lastsMs / PACKET_MS }, (_, place) =>
    nextFrame(
      isInHole(place) && instead !== null && instead !== 'RFC 3389' ? both(voice, instead) : voice,
      rateHz,
    ),
  );
  return encodeFrames(codec, frames, OPUS_RATES[seed % OPUS_RATES.length]).map((said, place) => {
    const inHole = isInHole(place);
    const marksNoise = inHole && instead === 'RFC 3389' && (place - hole!.from) % CN_EVERY === 0;
    if (inHole && (instead === null || (instead === 'RFC 3389' && !marksNoise))) {
      paused = true;
      return null;
    }
    sequence = (sequence + 1) & 0xffff;
    const packet = {
      sentMs: FROM_MS + place * PACKET_MS,
      sequence,
      timestamp: (firstTimestamp + place * ticksOf(codec)) >>> 0,
      payloadType: marksNoise ? PAYLOAD_CN : PAYLOAD_TYPES[codec],
      payload: marksNoise ? noise : said,
      marker: paused && !marksNoise,
    };
    paused = marksNoise;
    return packet;
  });
}

/** Plays the second; the first goes on unheard, so that it's where it would be afterwards. */
function both(unheard: AudioSource, heard: AudioSource): AudioSource {
  return {
    next(out) {
      unheard.next(out);
      heard.next(out);
    },
  };
}

function lossOf({ loss: { share, pattern } }: Cell, random: Random): () => boolean {
  if (pattern === 'random') return () => random() < share;
  const leave = 1 / 3;
  const enter = (leave * share) / (1 - share);
  let bad = false;
  return () => (bad = bad ? random() >= leave : random() < enter);
}

/** Holes of 80–120 ms, about one in 1.2 s. */
function choppedPlaces({ choppy }: Trouble, packets: number, random: Random): Set<number> {
  const places = new Set<number>();
  if (!choppy) return places;
  for (let at = 20; at < packets - 20; at += Math.round(between(random, 50, 70)))
    for (let i = 0; i < between(random, 3.01, 6); i++) places.add(at + i);
  return places;
}
