import FFT from 'fft.js';
import { SYMBOLS } from '../../audio/signature.js';
import { SAMPLES_PER_MS } from '../../audio/source.js';
import { hann, FULL_SCALE_POWER } from './windows.js';

/** The strongest signature tone of each window of 60 ms, every 10 ms. */
export interface SymbolFrames {
  /** Lab time of the first sample. */
  fromMs: number;
  /** Entry j covers fromMs + 10·j … + 60 ms: 0–15, or −1 where no tone stands out. */
  symbols: Int8Array;
}

export const HOP_MS = 10;
const WINDOW = 480;
const FFT_SIZE = 512;
/** At 8 kHz, signature tone k falls exactly on bin 140 + 5k of 512. */
const FIRST_BIN = 140;
const BINS_APART = 5;

/** Thresholds of docs/measures.md §2, identity. */
const MIN_POWER = FULL_SCALE_POWER * 1e-6;
const MIN_FRACTION = 0.25;

const HANN = hann(WINDOW);

/** Finds the strongest signature tone, frame by frame. */
export function symbolFrames(audio: Int16Array, fromMs: number): SymbolFrames {
  const hop = HOP_MS * SAMPLES_PER_MS;
  const symbols = new Int8Array(Math.max(0, Math.floor((audio.length - WINDOW) / hop) + 1)).fill(-1);
  const fft = new FFT(FFT_SIZE);
  const input = new Array<number>(FFT_SIZE).fill(0);
  const output = fft.createComplexArray() as number[];
  for (let frame = 0; frame < symbols.length; frame++) {
    let energy = 0;
    for (let i = 0; i < WINDOW; i++) {
      const value = (audio[frame * hop + i] ?? 0) * (HANN.values[i] ?? 0);
      input[i] = value;
      energy += value * value;
    }
    if (energy < MIN_POWER * HANN.squares) continue;
    fft.realTransform(output, input);
    symbols[frame] = strongest(output, energy);
  }
  return { fromMs, symbols };
}

function strongest(spectrum: number[], energy: number): number {
  let best = -1;
  let bestSquare = 0;
  for (let k = 0; k < SYMBOLS; k++) {
    const bin = 2 * (FIRST_BIN + BINS_APART * k);
    const re = spectrum[bin] ?? 0;
    const im = spectrum[bin + 1] ?? 0;
    const square = re * re + im * im;
    if (square <= bestSquare) continue;
    best = k;
    bestSquare = square;
  }
  const power = HANN.tonePower(bestSquare);
  return power > MIN_POWER && power > (MIN_FRACTION * energy) / HANN.squares ? best : -1;
}
