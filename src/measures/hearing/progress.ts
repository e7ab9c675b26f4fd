import { toneName } from './cadence.js';
import { toneBursts, type Burst, type ToneName } from './call-progress.js';
import { ToneFrames } from './tone-frames.js';

/** A call-progress tone with its bursts, on the clock of the audio it was heard in. */
export interface ProgressTone {
  name: ToneName;
  fromMs: number;
  toMs: number;
  /** What sounded: 425 Hz and others are several countries' ringback, busy and congestion. */
  sound: Burst['sound'];
  /**
   * On and off in turn, in ms, from the first burst to the last; one that the audio's end cuts off is left out. Pauses of a
   * pair under 300 ms are bridged, so that the UK's double ring counts as one of 1 s.
   */
  cadenceMs: number[];
}

/** Longest pause of a cadence, 4 s in the US, and some more. */
const LONGEST_PAUSE_MS = 4500;

/**
 * The call-progress tones in audio at 8 kHz that starts at `fromMs`, in order.
 * @param bursts those of the audio, if they are known
 */
export function progressTones(
  audio: Int16Array,
  fromMs: number,
  bursts = toneBursts(new ToneFrames(audio)),
): ProgressTone[] {
  const groups: Burst[][] = [];
  for (const burst of bursts) {
    const group = groups.find(
      (bursts) =>
        bursts.at(-1)!.sound === burst.sound &&
        nameOf(bursts) === nameOf([burst]) &&
        burst.fromMs - bursts.at(-1)!.toMs <= LONGEST_PAUSE_MS,
    );
    if (group) group.push(burst);
    else groups.push([burst]);
  }
  return groups.map((bursts) => ({
    name: nameOf(bursts),
    fromMs: fromMs + bursts[0]!.fromMs,
    toMs: fromMs + bursts.at(-1)!.toMs,
    sound: bursts[0]!.sound,
    cadenceMs: cadenceOf(bursts),
  }));
}

const nameOf = (bursts: readonly Burst[]): ToneName => toneName(bursts[0]!);

function cadenceOf(bursts: readonly Burst[]): number[] {
  const whole = bursts.filter(({ cutOff }) => !cutOff);
  return whole.flatMap(({ fromMs, toMs }, i) => {
    const before = whole[i - 1];
    return before ? [fromMs - before.toMs, toMs - fromMs] : [toMs - fromMs];
  });
}
