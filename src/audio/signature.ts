import { createHash } from 'node:crypto';
import { FULL_SCALE, RATE_HZ, type AudioSource, type RateHz } from './source.js';

/**
 * The signature that each direction of each call plays (docs/measures.md §2): a phase-continuous tone that hops
 * every 60 ms over 16 frequencies, 2187.5 + 78.125·k Hz. It keeps clear of call-progress tones, DTMF and fax.
 */
export const SYMBOL_MS = 60;
export const SYMBOLS = 16;
const LEVEL_DBFS = -16.1;

/** All frequencies are multiples of 8000/1024 Hz, so that a phase is an integer in a table of 1024: no drift. */
export const PHASES = 1024;
const BLOCK = 64;
const MIN_STEP = 3;

const PEAK = FULL_SCALE * 10 ** (LEVEL_DBFS / 20);
const SINE = Int16Array.from({ length: PHASES }, (_, i) =>
  Math.round(PEAK * Math.sin((2 * Math.PI * i) / PHASES)),
);

/** Phase steps per sample of symbol k: frequency = step · 8000/1024 Hz. */
export function phaseStep(symbol: number): number {
  return 280 + 10 * symbol;
}

export type Direction = 'from-caller' | 'from-callee';

/** 32 bytes that stand for one direction of one call in one run. */
export function signatureKey(seed: number, callId: string, direction: Direction): Buffer {
  return createHash('sha256').update(`deadair signature\n${seed}\n${callId}\n${direction}`).digest();
}

/**
 * What a softphone plays in each of its calls, from a file: the same signature, begun anew. It can't know which call it is
 * in, and needs no more than one at a time.
 */
export const softphoneKey = (seed: number, node: string): Buffer =>
  signatureKey(seed, `softphone ${node}`, 'from-callee');

function blockBytes(key: Buffer, block: number): Buffer {
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(block));
  return createHash('sha512').update(key).update(counter).digest();
}

function pick(byte: number, ...neighbours: number[]): number {
  const allowed: number[] = [];
  for (let k = 0; k < SYMBOLS; k++)
    if (neighbours.every((neighbour) => Math.abs(k - neighbour) >= MIN_STEP)) allowed.push(k);
  return allowed[byte % allowed.length] ?? 0;
}

/**
 * The 64 symbols of one block. A block's first symbol hangs on its own bytes only, and its last one keeps its
 * distance from the first of the next: so any block can be had without the ones before.
 */
function blockSymbols(key: Buffer, block: number): Uint8Array {
  const bytes = blockBytes(key, block);
  const after = (blockBytes(key, block + 1)[0] ?? 0) % SYMBOLS;
  const symbols = new Uint8Array(BLOCK);
  symbols[0] = (bytes[0] ?? 0) % SYMBOLS;
  for (let i = 1; i < BLOCK; i++) {
    const previous = symbols[i - 1] ?? 0;
    symbols[i] = i < BLOCK - 1 ? pick(bytes[i] ?? 0, previous) : pick(bytes[i] ?? 0, previous, after);
  }
  return symbols;
}

/** Symbols number `first` … `first + count − 1`; number n is played from lab time 60·n ms on (n may be negative). */
export function symbolsFrom(key: Buffer, first: number, count: number): Uint8Array {
  const symbols = new Uint8Array(count);
  for (let done = 0; done < count;) {
    const n = first + done;
    const block = Math.floor(n / BLOCK);
    const part = blockSymbols(key, block)
      .subarray(n - block * BLOCK)
      .subarray(0, count - done);
    symbols.set(part, done);
    done += part.length;
  }
  return symbols;
}

/** Symbol number `n` = floor(labMs / 60), 0…15; neighbours are at least 3 apart. */
export function symbolAt(key: Buffer, n: number): number {
  return symbolsFrom(key, n, 1)[0] ?? 0;
}

/** Plays a signature; sample s stands for lab time `startMs` + s/8 ms, or s/16 at 16 kHz. */
export class SignatureSource implements AudioSource {
  private symbol: number;
  private block: number;
  private symbols: Uint8Array;
  private left: number;
  private phase = 0;
  private step: number;
  private readonly symbolSamples: number;

  constructor(
    private readonly key: Buffer,
    startMs: number,
    private readonly rateHz: RateHz = RATE_HZ,
  ) {
    this.symbolSamples = (SYMBOL_MS * rateHz) / 1000;
    this.symbol = Math.floor(startMs / SYMBOL_MS);
    this.left = Math.ceil((((this.symbol + 1) * SYMBOL_MS - startMs) * rateHz) / 1000);
    this.block = Math.floor(this.symbol / BLOCK);
    this.symbols = blockSymbols(key, this.block);
    this.step = this.currentStep();
  }

  next(out: Int16Array): void {
    for (let i = 0; i < out.length; i++) {
      if (this.left === 0) this.hop();
      this.left--;
      out[i] = SINE[this.phase] ?? 0;
      this.phase = (this.phase + this.step) & (PHASES - 1);
    }
  }

  private hop(): void {
    this.symbol++;
    this.left = this.symbolSamples;
    const block = Math.floor(this.symbol / BLOCK);
    if (block !== this.block) {
      this.block = block;
      this.symbols = blockSymbols(this.key, block);
    }
    this.step = this.currentStep();
  }

  private currentStep(): number {
    // Steps are even, so that they are whole at twice the rate, too.
    return (phaseStep(this.symbols[this.symbol - this.block * BLOCK] ?? 0) * RATE_HZ) / this.rateHz;
  }
}
