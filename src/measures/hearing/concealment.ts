import { SAMPLES_PER_MS, type RateHz } from '../../audio/source.js';

/** After so long concealment has faded to nothing. */
export const CONCEALED_MS = 60;

/** What is known of the samples of some audio. */
interface Known {
  isReal(sample: number): boolean;
  /** A codec has concealed it by its own means. */
  isFilled(sample: number): boolean;
}

/**
 * Conceals gaps in place, much as ITU-T G.711 Appendix I does: the last pitch period (5–15 ms) is repeated, at full
 * level for 10 ms and then fading to nothing at 60 ms. There is no overlap-add where real audio resumes. A gap that a codec
 * has filled from its start is left as it is.
 */
export function conceal(audio: Int16Array, known: Known, rateHz: RateHz = 8000): void {
  const stride = rateHz / 1000 / SAMPLES_PER_MS;
  const [full, faded] = [FULL * stride, FADED * stride];
  let wasReal = audio.length > 0 && known.isReal(0);
  for (let i = 1; i < audio.length; i++) {
    const before = wasReal;
    wasReal = known.isReal(i);
    if (wasReal || !before || known.isFilled(i)) continue;
    const period = pitchPeriod(audio, i, stride);
    for (let j = 0; j < faded && i + j < audio.length && !known.isReal(i + j); j++) {
      const gain = j < full ? 1 : 1 - (j - full) / (faded - full);
      audio[i + j] = Math.round((audio[i - period + (j % period)] ?? 0) * gain);
    }
  }
}

/** In samples at 8 kHz. */
const FULL = 80;
const FADED = CONCEALED_MS * SAMPLES_PER_MS;
const SHORTEST = 40;
const LONGEST = 120;
const COMPARED = 160;

/** The lag at which the 20 ms before `end` resemble themselves most; at 16 kHz every other sample is compared. */
function pitchPeriod(audio: Int16Array, end: number, stride: number): number {
  let best = SHORTEST * stride;
  let bestScore = -Infinity;
  const from = end - COMPARED * stride;
  // Near the beginning, what was before it is silent.
  const padded =
    from - LONGEST * stride >= 0
      ? audio.subarray(from - LONGEST * stride, end)
      : Int16Array.from(
          { length: (COMPARED + LONGEST) * stride },
          (_, i) => audio[i + from - LONGEST * stride] ?? 0,
        );
  const start = LONGEST * stride;
  // From lag to lag the energy changes by one sample at either end; all are whole numbers, so that nothing is lost by rounding.
  const energies = new Float64Array(stride).fill(1);
  const squareAt = (at: number) => padded[at]! * padded[at]!;
  for (let lag = SHORTEST * stride; lag <= LONGEST * stride; lag++) {
    let product = 0;
    for (let i = start; i < padded.length; i += stride) product += padded[i]! * padded[i - lag]!;
    const which = lag % stride;
    if (lag < (SHORTEST + 1) * stride)
      for (let i = start; i < padded.length; i += stride) energies[which]! += squareAt(i - lag);
    else energies[which]! += squareAt(start - lag) - squareAt(start + COMPARED * stride - lag);
    const score = product / Math.sqrt(energies[which]!);
    if (score <= bestScore) continue;
    bestScore = score;
    best = lag;
  }
  return best;
}
