import { FULL_SCALE, RATE_HZ, type AudioSource, type RateHz } from './source.js';

export type { AudioSource };

interface Burst {
  onMs: number;
  /** Empty for a pause. */
  frequenciesHz: readonly number[];
}

const tone = (onMs: number, ...frequenciesHz: number[]): Burst => ({ onMs, frequenciesHz });
const pause = (onMs: number): Burst => ({ onMs, frequenciesHz: [] });

/** Cadences of ITU-T E.180 and its supplement 2 (US, ETSI, UK); SIT is E.180's special information tone. */
const CADENCES = {
  'ringback-us': [tone(2000, 440, 480), pause(4000)],
  'ringback-etsi': [tone(1000, 425), pause(4000)],
  'ringback-uk': [tone(400, 400, 450), pause(200), tone(400, 400, 450), pause(2000)],
  'busy-us': [tone(500, 480, 620), pause(500)],
  'busy-etsi': [tone(500, 425), pause(500)],
  'congestion-us': [tone(250, 480, 620), pause(250)],
  'congestion-etsi': [tone(250, 425), pause(250)],
  sit: [tone(330, 950), tone(330, 1400), tone(330, 1800), pause(1000)],
  silence: [pause(1000)],
} as const satisfies Record<string, readonly Burst[]>;

export type CallProgressTone = keyof typeof CADENCES;

/** A call-progress tone with its cadence, from the start of its first burst. */
export class ToneSource implements AudioSource {
  private readonly bursts: readonly Burst[];
  private readonly peak: number;
  private burst = 0;
  private sample = 0;

  /** `levelDbfs` is that of each frequency; −22.1 dBFS is −19 dBm0, the US level of ringback. */
  constructor(
    name: CallProgressTone,
    levelDbfs = -22.1,
    private readonly rateHz: RateHz = RATE_HZ,
  ) {
    this.bursts = CADENCES[name];
    this.peak = FULL_SCALE * 10 ** (levelDbfs / 20);
  }

  next(out: Int16Array): void {
    for (let i = 0; i < out.length; i++) {
      const burst = this.bursts[this.burst];
      if (!burst) throw new Error('a cadence has at least one burst');
      out[i] = Math.round(this.peak * level(burst, this.sample / this.rateHz));
      if (++this.sample < (burst.onMs * this.rateHz) / 1000) continue;
      this.sample = 0;
      this.burst = (this.burst + 1) % this.bursts.length;
    }
  }
}

function level(burst: Burst, atS: number): number {
  let sum = 0;
  for (const hz of burst.frequenciesHz) sum += Math.sin(2 * Math.PI * hz * atS);
  return sum;
}
