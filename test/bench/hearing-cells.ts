import type { Codec } from '../../src/audio/codecs.js';
import type { BufferLength } from '../../src/measures/hearing/scheduling.js';

export const PACKET_MS = 20;
/** Start of every call on the lab axis. */
export const FROM_MS = 60_000;

export const CODECS: readonly Codec[] = ['PCMU', 'PCMA', 'G722'];

/** Bit rates of Opus, in turn: libopus takes SILK in narrowband and in wideband, and CELT. */
export const OPUS_RATES = [8000, 16_000, 32_000] as const;

/** Loss of each direction; in bursts of three packets on average, or each packet by itself. */
export interface Loss {
  share: number;
  pattern: 'random' | 'bursts';
}
export const LOSSES: readonly Loss[] = [
  { share: 0, pattern: 'random' },
  ...[0.01, 0.05, 0.1, 0.2, 0.3].flatMap((share) => [
    { share, pattern: 'random' as const },
    { share, pattern: 'bursts' as const },
  ]),
];

/** Each packet is held up for 0 to this, evenly; the last is more than a buffer of 50 ms takes. */
export const JITTERS_MS = [0, 30, 60] as const;

const BUFFERS: readonly BufferLength[] = [50, 200, 'adaptive'];

export const CONDITIONS = [
  'both fine',
  'one-way: caller deaf',
  'one-way: callee deaf',
  'dead air',
  'crosstalk',
  'echo beside',
  'echo instead',
  'wrong stream',
  'muted, comfort noise',
  'digital silence',
  'choppy',
  'late packets',
  'tone instead',
] as const;
type Condition = (typeof CONDITIONS)[number];

export interface Cell {
  condition: Condition;
  codec: Codec;
  loss: Loss;
  jitterMs: number;
  bufferMs: BufferLength;
}

/** Call number n: conditions, codecs, losses and jitters are gone through in turn, buffers once round each time. */
export function cellOf(n: number, among: readonly Codec[] = CODECS): Cell {
  const cells = CONDITIONS.length * among.length * LOSSES.length * JITTERS_MS.length;
  const digit = (period: number, of: number): number => Math.floor(n / period) % of;
  const codecs = CONDITIONS.length;
  const losses = codecs * among.length;
  const jitters = losses * LOSSES.length;
  return {
    condition: CONDITIONS[digit(1, CONDITIONS.length)]!,
    codec: among[digit(codecs, among.length)]!,
    loss: LOSSES[digit(losses, LOSSES.length)]!,
    jitterMs: JITTERS_MS[digit(jitters, JITTERS_MS.length)]!,
    bufferMs: BUFFERS[(n + Math.floor(n / cells)) % BUFFERS.length]!,
  };
}
