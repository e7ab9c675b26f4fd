/**
 * Equipment impairment Ie and packet-loss robustness Bpl of the narrowband scale: ITU-T G.113 appendix I, provisional planning
 * values for random loss. G.711 with its appendix I concealment, or without any, in packets of 10 ms; G.729A with VAD in packets
 * of 20 ms (SDP doesn't tell it from G.729, whose Ie is 10). They were checked against what others publish of that table
 * (docs/decisions/0018-what-hearing-vouches-for.md). A codec that isn't here has no constants that could be checked, and no
 * estimate: so G.722 and Opus, whose scale is G.107.1's.
 */
const CODECS: ReadonlyMap<string, { ie: number; bpl: number }> = new Map([
  ['PCMU', { ie: 0, bpl: 25.1 }],
  ['PCMA', { ie: 0, bpl: 25.1 }],
  ['G729', { ie: 11, bpl: 19 }],
]);
const G711_UNCONCEALED_BPL = 4.3;

/** R with all parameters of ITU-T G.107 at their defaults. */
const DEFAULT_R = 93.2062;

export interface MosInput {
  /** Name as in SDP, upper case. */
  codec: string;
  /** Lost and discarded over expected, 0–1. */
  lossShare: number;
  /** Mean burst length over that of random loss at the same share; 1 is random, never less. */
  burstR: number;
  /** Mouth to ear, jitter buffer included. */
  oneWayDelayMs: number;
  /** Whether the receiver conceals loss (default true); false only makes sense for G.711. */
  concealed?: boolean;
}

/** MOS-CQE by the E-model (ITU-T G.107), 1–4.5; null for a codec without published constants. */
export function mosEstimate(input: MosInput): number | null {
  const codec = CODECS.get(input.codec);
  if (!codec) return null;
  const bpl = input.concealed === false && codec.ie === 0 ? G711_UNCONCEALED_BPL : codec.bpl;
  const ppl = input.lossShare * 100;
  const ieEff = codec.ie + ((95 - codec.ie) * ppl) / (ppl / Math.max(1, input.burstR) + bpl);
  return mosOf(DEFAULT_R - delayImpairment(input.oneWayDelayMs) - ieEff);
}

/** Id of an echo-free connection: G.107's Idd, 0 up to 100 ms. */
export function delayImpairment(oneWayDelayMs: number): number {
  if (oneWayDelayMs <= 100) return 0;
  const x = Math.log2(oneWayDelayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** G.107 annex B, clamped to 1–4.5. */
export function mosOf(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r));
}
