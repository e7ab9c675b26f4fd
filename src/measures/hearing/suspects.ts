import { findSignature } from './identity.js';
import { SignatureCode } from './signature-code.js';
import type { SymbolFrames } from './symbol-frames.js';

/** The signature of one direction of another call. */
export interface OtherKey {
  call: string;
  key: Buffer;
}

/** Another signature that was found: `delayMs` is ear time less the lab time of what was said, ±25 ms. */
export interface Suspect {
  call: string;
  delayMs: number;
  code: SignatureCode;
}

/** Most other signatures that are looked for: some 20 µs of work each per window. */
const MOST_SUSPECTS = 200;

/** Signatures that an ear should not hear; their symbols are worked out when first looked for. */
export class Suspects {
  private codes: { call: string; code: SignatureCode }[] | undefined;

  constructor(
    private readonly keys: readonly OtherKey[],
    private readonly fromMs: number,
    private readonly toMs: number,
    private readonly maxDelayMs: number,
  ) {}

  get none(): boolean {
    return this.keys.length === 0;
  }

  /** The one that agrees best in the ear's time `fromMs`…`toMs`, null if none is there. */
  find(frames: SymbolFrames, fromMs: number, toMs: number): Suspect | null {
    let best: (Suspect & { agreements: number }) | null = null;
    this.codes ??= this.keys.slice(0, MOST_SUSPECTS).map(({ call, key }) => ({
      call,
      code: new SignatureCode(key, this.fromMs - this.maxDelayMs, this.toMs),
    }));
    for (const { call, code } of this.codes) {
      const sighting = findSignature(frames, code, fromMs, toMs, this.maxDelayMs);
      if (sighting && sighting.agreements > (best?.agreements ?? 0)) best = { call, code, ...sighting };
    }
    return best;
  }
}
