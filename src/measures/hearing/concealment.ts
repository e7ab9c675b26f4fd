/**
 * Conceals gaps in place, much as ITU-T G.711 Appendix I does: the last pitch period (5–15 ms) is repeated, at full
 * level for 10 ms and then fading to nothing at 60 ms. There is no overlap-add where real audio resumes.
 */
export function conceal(audio: Int16Array, isReal: (sample: number) => boolean): void {
  for (let i = 1; i < audio.length; i++) {
    if (isReal(i) || !isReal(i - 1)) continue;
    const period = pitchPeriod(audio, i);
    for (let j = 0; j < FADED && i + j < audio.length && !isReal(i + j); j++) {
      const gain = j < FULL ? 1 : 1 - (j - FULL) / (FADED - FULL);
      audio[i + j] = Math.round((audio[i - period + (j % period)] ?? 0) * gain);
    }
  }
}

const FULL = 80;
const FADED = 480;
const SHORTEST = 40;
const LONGEST = 120;
const COMPARED = 160;

/** The lag at which the 20 ms before `end` resemble themselves most. */
function pitchPeriod(audio: Int16Array, end: number): number {
  let best = SHORTEST;
  let bestScore = -Infinity;
  for (let lag = SHORTEST; lag <= LONGEST; lag++) {
    let product = 0;
    let energy = 1;
    for (let i = end - COMPARED; i < end; i++) {
      const past = audio[i - lag] ?? 0;
      product += (audio[i] ?? 0) * past;
      energy += past * past;
    }
    const score = product / Math.sqrt(energy);
    if (score <= bestScore) continue;
    bestScore = score;
    best = lag;
  }
  return best;
}
