import { FULL_SCALE, RATE_HZ, type AudioSource, type RateHz } from './source.js';

/** Low and high frequencies of DTMF (ITU-T Q.23), Hz. */
export const LOW_HZ = [697, 770, 852, 941] as const;
export const HIGH_HZ = [1209, 1336, 1477, 1633] as const;
const KEYPAD = ['123A', '456B', '789C', '*0#D'] as const;

/** The digit of a row and a column, each 0–3. */
export const digitAt = (row: number, column: number): string => KEYPAD[row]![column]!;

/** Digits by their event code in RFC 4733 §3.2, 0–15. */
export const EVENT_DIGITS = '0123456789*#ABCD';

interface DtmfShape {
  /** Default 100 ms each: what survives 10 % of loss. */
  onMs?: number;
  offMs?: number;
  /** Level of the low tone, dBFS. Default −13. */
  lowDbfs?: number;
  /** High tone over low, dB. */
  twistDb?: number;
  /** Off the nominal frequencies, in %. */
  deviationPercent?: number;
  rateHz?: RateHz;
}

/** Dials digits in the band, then is silent. */
export class DtmfSource implements AudioSource {
  private readonly tones: { low: number; high: number }[];
  private sample = 0;

  /** @throws RangeError for what is no digit */
  constructor(
    digits: string,
    private readonly shape: DtmfShape = {},
  ) {
    this.tones = [...digits].map((digit) => {
      const row = KEYPAD.findIndex((keys) => keys.includes(digit));
      if (row < 0) throw new RangeError(`there is no DTMF for ${digit}`);
      return { low: LOW_HZ[row]!, high: HIGH_HZ[KEYPAD[row]!.indexOf(digit)]! };
    });
  }

  next(out: Int16Array): void {
    const { onMs = 100, offMs = 100, lowDbfs = -13, twistDb = 0, deviationPercent = 0 } = this.shape;
    const rateHz = this.shape.rateHz ?? RATE_HZ;
    const low = FULL_SCALE * 10 ** (lowDbfs / 20);
    const high = low * 10 ** (twistDb / 20);
    for (let i = 0; i < out.length; i++) {
      const atMs = (this.sample++ * 1000) / rateHz;
      const tone = this.tones[Math.floor(atMs / (onMs + offMs))];
      const angle = (2 * Math.PI * atMs * (1 + deviationPercent / 100)) / 1000;
      const sounds = tone && atMs % (onMs + offMs) < onMs;
      out[i] = sounds ? Math.round(low * Math.sin(tone.low * angle) + high * Math.sin(tone.high * angle)) : 0;
    }
  }
}
