import { DtmfSource, EVENT_DIGITS } from '../audio/dtmf.js';
import { PACKET_MS, type RtpEvent } from './rtp-sender.js';

/** A key is held for 100 ms with as much after it: what survives 10 % of loss (docs/measures.md §2). */
const ON_PACKETS = 5;
const OFF_PACKETS = 5;
/** RFC 4733 §2.5.1.4: the end of an event is told three times. */
const END_REPEATS = 3;

/** What goes out in one packet time while digits are dialled. */
export interface KeyPress {
  /** The event that is told now, instead of audio or (its end again) beside it. */
  event: RtpEvent | null;
  /** Audio is sent as well. */
  withAudio: boolean;
}

/** Digits as telephone events (RFC 4733), a packet time at a time. */
export class EventKeypad {
  private packet = 0;

  constructor(private readonly digits: string) {}

  /** Null once all was dialled. */
  next(): KeyPress | null {
    const at = this.packet++;
    const key = Math.floor(at / (ON_PACKETS + OFF_PACKETS));
    const digit = this.digits[key];
    if (digit === undefined) return null;
    const code = EVENT_DIGITS.indexOf(digit);
    const since = (at % (ON_PACKETS + OFF_PACKETS)) + 1;
    if (since < ON_PACKETS) return { event: { code, packets: since, end: false }, withAudio: false };
    const event = since < ON_PACKETS + END_REPEATS ? { code, packets: ON_PACKETS, end: true } : null;
    return { event, withAudio: since > ON_PACKETS };
  }
}

/** Digits as tones in the band; what is played besides is heard between them. */
export class ToneKeypad {
  private readonly tones: DtmfSource;
  private packet = 0;
  private readonly packets: number;
  private readonly tone = new Int16Array(PACKET_MS * 8);

  constructor(digits: string) {
    this.tones = new DtmfSource(digits, { onMs: ON_PACKETS * PACKET_MS, offMs: OFF_PACKETS * PACKET_MS });
    this.packets = digits.length * (ON_PACKETS + OFF_PACKETS);
  }

  /** Puts the tone of the next packet over `samples`; false once all was dialled. */
  over(samples: Int16Array): boolean {
    if (this.packet === this.packets) return false;
    this.tones.next(this.tone);
    if (this.packet++ % (ON_PACKETS + OFF_PACKETS) < ON_PACKETS) samples.set(this.tone);
    return true;
  }
}
