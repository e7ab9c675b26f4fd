import { SYMBOL_MS, symbolsFrom } from '../../audio/signature.js';

/** The symbols that one signature plays over a stretch of lab time. */
export class SignatureCode {
  private readonly first: number;
  private readonly symbols: Uint8Array;

  /** Covers lab times `fromMs` to `toMs`. */
  constructor(key: Buffer, fromMs: number, toMs: number) {
    this.first = Math.floor(fromMs / SYMBOL_MS);
    this.symbols = symbolsFrom(key, this.first, Math.floor(toMs / SYMBOL_MS) - this.first + 1);
  }

  /** Symbol number `n`, −1 outside of what is covered. */
  at(n: number): number {
    return this.symbols[n - this.first] ?? -1;
  }
}
