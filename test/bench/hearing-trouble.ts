import { SignatureSource, signatureKey } from '../../src/audio/signature.js';
import type { AudioSource } from '../../src/audio/source.js';
import { ToneSource, type CallProgressTone } from '../../src/audio/tones.js';
import type { HeardClass } from '../../src/measures/types.js';
import { senderRate } from '../fixtures/encoding.js';
import { sourceOf } from '../fixtures/streams.js';
import { FROM_MS, PACKET_MS, type Cell } from './hearing-cells.js';

export type Random = () => number;
export const between = (random: Random, least: number, most: number): number =>
  least + (most - least) * random();
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

/** Where the voice isn't sent, in packets counted from the call's first, and what is heard there. */
interface Hole {
  from: number;
  to: number;
  class: HeardClass;
}

/** What is wrong on the way to one ear. */
export interface Trouble {
  hole: Hole | null;
  /** Plays in the hole; null if nothing is sent. */
  instead: AudioSource | 'RFC 3389' | null;
  under: { source: AudioSource; dB: number } | null;
  beside: 'crosstalk' | 'echo' | null;
  choppy: boolean;
  /** Places at which packets are held up for longer. */
  spikes: { from: number; to: number; ms: number }[];
}

/** The whole call, its end, or 1 s and more in the middle. */
export function holeIn(random: Random, packets: number): { from: number; to: number } {
  const kind = random();
  if (kind < 0.4) return { from: 0, to: packets };
  const from = Math.round(between(random, 40, packets - 100));
  return { from, to: kind < 0.7 ? packets : Math.round(between(random, from + 50, packets - 40)) };
}

export const NO_TROUBLE: Trouble = {
  hole: null,
  instead: null,
  under: null,
  beside: null,
  choppy: false,
  spikes: [],
};

const TONES: readonly CallProgressTone[] = [
  'ringback-us',
  'ringback-etsi',
  'ringback-uk',
  'busy-us',
  'busy-etsi',
  'congestion-us',
  'congestion-etsi',
  'sit',
];

/** What the condition of this cell does to an ear. */
export function troubleOf(
  { condition, codec }: Cell,
  seed: number,
  ear: 'caller' | 'callee',
  hole: { from: number; to: number },
  random: Random,
): Trouble {
  const rateHz = senderRate(codec);
  const holeMs = FROM_MS + hole.from * PACKET_MS;
  const key = (call: string, voice: 'from-caller' | 'from-callee') => signatureKey(seed, call, voice);
  const own = ear === 'caller' ? 'from-caller' : 'from-callee';
  const agoMs = between(random, 20, 400);
  const instead = (heard: HeardClass, source: Trouble['instead']): Trouble => ({
    ...NO_TROUBLE,
    hole: { ...hole, class: heard },
    instead: source,
  });
  switch (condition) {
    case 'both fine':
      return NO_TROUBLE;
    case 'one-way: caller deaf':
    case 'one-way: callee deaf':
    case 'dead air':
      return instead('nothing', null);
    case 'crosstalk': {
      const source = new SignatureSource(key('call-3', 'from-callee'), FROM_MS - agoMs, rateHz);
      return { ...NO_TROUBLE, beside: 'crosstalk', under: { source, dB: between(random, -22, -6) } };
    }
    case 'echo beside': {
      const source = new SignatureSource(key('call-1', own), FROM_MS - agoMs, rateHz);
      return { ...NO_TROUBLE, beside: 'echo', under: { source, dB: between(random, -22, -6) } };
    }
    case 'echo instead':
      return instead('echo', new SignatureSource(key('call-1', own), holeMs - agoMs, rateHz));
    case 'wrong stream':
      return instead(
        'other-stream',
        new SignatureSource(key('call-3', 'from-callee'), holeMs - agoMs, rateHz),
      );
    case 'muted, comfort noise':
      // RFC 3389 isn't for codecs with comfort noise of their own.
      if (random() < 0.5 && codec !== 'OPUS') return instead('comfort-noise', 'RFC 3389');
      return instead('comfort-noise', quietNoise(between(random, -62, -48), random));
    case 'digital silence':
      return instead(
        'silence',
        sourceOf(() => 0),
      );
    case 'tone instead':
      return instead('tone', new ToneSource(pick(random, TONES), -22.1, rateHz));
    case 'choppy':
      return { ...NO_TROUBLE, choppy: true };
    case 'late packets': {
      const from = Math.round(between(random, 30, 120));
      const to = from + Math.round(between(random, 5, 80));
      return { ...NO_TROUBLE, spikes: [{ from, to, ms: between(random, 70, 350) }] };
    }
  }
}

/** White noise of this level in dBm0. */
function quietNoise(dbm0: number, random: Random): AudioSource {
  const peak = 32767 * Math.SQRT1_2 * 10 ** ((dbm0 - 3.14) / 20) * Math.sqrt(3);
  return sourceOf(() => peak * (2 * random() - 1));
}
