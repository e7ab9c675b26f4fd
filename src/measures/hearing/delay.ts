import { PHASES, phaseStep, SYMBOL_MS } from '../../audio/signature.js';
import { SAMPLES_PER_MS } from '../../audio/source.js';
import { COSINE, SINE } from './circle.js';
import type { SignatureCode } from './signature-code.js';

/** How far around the coarse delay the true one is looked for. */
const REACH = 35 * SAMPLES_PER_MS;
/** Half of the 40 ms window laid over each hop. */
const HALF = 20 * SAMPLES_PER_MS;

/**
 * Refines a delay to a sample: maximises Σ|⟨y, reference⟩|² over 40 ms windows on the hops of ear time `fromMs`…`toMs`,
 * where the reference is the old tone before the hop and the new one after, in one phase.
 */
export function refineDelay(
  audio: Int16Array,
  audioFromMs: number,
  code: SignatureCode,
  fromMs: number,
  toMs: number,
  coarseMs: number,
): number {
  const scores = new Float64Array(2 * REACH + 1);
  const last = Math.floor((toMs - coarseMs) / SYMBOL_MS);
  for (let n = Math.ceil((fromMs - coarseMs) / SYMBOL_MS); n <= last; n++) {
    const before = code.at(n - 1);
    const after = code.at(n);
    if (before < 0 || after < 0) continue;
    const middle = Math.round((n * SYMBOL_MS + coarseMs - audioFromMs) * SAMPLES_PER_MS);
    addScores(scores, audio, middle, phaseStep(before), phaseStep(after));
  }
  const best = scores.indexOf(Math.max(...scores)) - REACH;
  const middleOfZero = Math.round((coarseMs - audioFromMs) * SAMPLES_PER_MS);
  return audioFromMs + (middleOfZero + best) / SAMPLES_PER_MS;
}

function addScores(
  scores: Float64Array,
  audio: Int16Array,
  middle: number,
  before: number,
  after: number,
): void {
  const start = middle - REACH - HALF;
  const old = correlationSums(audio, start, before);
  const fresh = correlationSums(audio, start, after);
  for (let offset = 0; offset <= 2 * REACH; offset++) {
    const hop = offset + HALF;
    const end = hop + HALF;
    const oldRe = old.re[hop]! - old.re[offset]!;
    const oldIm = old.im[hop]! - old.im[offset]!;
    const freshRe = fresh.re[end]! - fresh.re[hop]!;
    const freshIm = fresh.im[end]! - fresh.im[hop]!;
    // Turn the old sum to the phase that the new tone has at the hop.
    const turn = ((before - after) * hop) & (PHASES - 1);
    const re = oldRe * COSINE[turn]! - oldIm * SINE[turn]! + freshRe;
    const im = oldRe * SINE[turn]! + oldIm * COSINE[turn]! + freshIm;
    scores[offset]! += re * re + im * im;
  }
}

/** Running sums of y·e^(−jφ), entry i over the i samples from `start`. */
function correlationSums(
  audio: Int16Array,
  start: number,
  step: number,
): { re: Float64Array; im: Float64Array } {
  const length = 2 * (REACH + HALF);
  const re = new Float64Array(length + 1);
  const im = new Float64Array(length + 1);
  let phase = 0;
  for (let i = 0; i < length; i++) {
    const y = audio[start + i] ?? 0;
    re[i + 1] = re[i]! + y * COSINE[phase]!;
    im[i + 1] = im[i]! - y * SINE[phase]!;
    phase = (phase + step) & (PHASES - 1);
  }
  return { re, im };
}
