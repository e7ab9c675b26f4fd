/** Factors just below one, in Q15, by which coefficients decay. */
const LEAK_POLE_2 = 32512;
const LEAK = 32640;
const POLE_2_LIMIT = 12288;
const POLE_1_LIMIT = 15360;

/** 2^(i/32) in Q11: the scale factor's mantissa (ITU-T G.722 table 18, ILB). */
const LOG_STEPS = Int32Array.from({ length: 32 }, (_, i) => Math.round(2048 * 2 ** (i / 32)));

const saturate = (value: number): number => (value > 32767 ? 32767 : value < -32768 ? -32768 : value);

/** What differs between G.722's two sub-bands. */
interface BandShape {
  /** Largest logarithmic scale factor (blocks LOGSCL and LOGSCH). */
  mostLog: number;
  /** Right shift of the mantissa at log 0 (blocks SCALEL and SCALEH). */
  shift: number;
  /** Scale factor at the start. */
  scale: number;
}

export const LOWER: BandShape = { mostLog: 18432, shift: 8, scale: 32 };
export const HIGHER: BandShape = { mostLog: 22528, shift: 10, scale: 8 };

/** The predictor and scale factor of one sub-band, alike in encoder and decoder (ITU-T G.722 §6.2.1.3–6.2.1.4). */
export class G722Band {
  /** Predicted value of the next sample. */
  predicted = 0;
  /** Quantizer scale factor of the next sample. */
  scale: number;
  private log = 0;
  private fromZeros = 0;
  private pole1 = 0;
  private pole2 = 0;
  private partial1 = 0;
  private partial2 = 0;
  private rebuilt1 = 0;
  private readonly zeros = new Int32Array(6);
  private readonly differences = new Int32Array(6);

  constructor(private readonly shape: BandShape) {
    this.scale = shape.scale;
  }

  /** Takes a sample's quantized difference and its log multiplier, and predicts the sample that follows. */
  update(difference: number, logStep: number): void {
    this.rescale(logStep);
    const rebuilt = saturate(this.predicted + difference);
    this.adaptPoles(saturate(this.fromZeros + difference));
    this.adaptZeros(difference);
    const second = (this.pole2 * saturate(2 * this.rebuilt1)) >> 15;
    const fromPoles = saturate(((this.pole1 * saturate(2 * rebuilt)) >> 15) + second);
    this.rebuilt1 = rebuilt;
    this.predicted = saturate(fromPoles + this.fromZeros);
  }

  private rescale(logStep: number): void {
    const log = ((this.log * 127) >> 7) + logStep;
    this.log = log < 0 ? 0 : Math.min(log, this.shape.mostLog);
    const down = this.shape.shift - (this.log >> 11);
    const mantissa = LOG_STEPS[(this.log >> 6) & 31]!;
    this.scale = (down < 0 ? mantissa << -down : mantissa >> down) << 2;
  }

  private adaptPoles(partial: number): void {
    const likeLast = partial < 0 === this.partial1 < 0;
    const likeBefore = partial < 0 === this.partial2 < 0;
    const four = saturate(4 * this.pole1);
    const turned = likeLast ? Math.min(-four, 32767) : four;
    const second = (likeBefore ? 128 : -128) + (turned >> 7) + ((this.pole2 * LEAK_POLE_2) >> 15);
    this.pole2 = Math.max(-POLE_2_LIMIT, Math.min(POLE_2_LIMIT, second));
    const first = saturate((likeLast ? 192 : -192) + ((this.pole1 * LEAK) >> 15));
    const limit = saturate(POLE_1_LIMIT - this.pole2);
    this.pole1 = Math.max(-limit, Math.min(limit, first));
    this.partial2 = this.partial1;
    this.partial1 = partial;
  }

  private adaptZeros(difference: number): void {
    const { zeros, differences } = this;
    const step = difference === 0 ? 0 : 128;
    let newer = difference;
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      const past = differences[i]!;
      const zero = saturate((past < 0 === difference < 0 ? step : -step) + ((zeros[i]! * LEAK) >> 15));
      zeros[i] = zero;
      differences[i] = newer;
      sum += (zero * saturate(2 * newer)) >> 15;
      newer = past;
    }
    this.fromZeros = saturate(sum);
  }
}
