import { PACKET_MS } from './rtp-sender.js';

/** What goes out in one packet time: voice; what tells the noise of a pause that begins; or nothing. */
export type Turn = 'voice' | 'noise' | 'nothing';

/** A party that talks for a while and then listens, over and over, a packet time at a time. */
export class Turns {
  private packet = 0;

  constructor(private readonly lengths: { talkMs: number; pauseMs: number }) {}

  next(): Turn {
    const { talkMs, pauseMs } = this.lengths;
    const talk = talkMs / PACKET_MS;
    const at = this.packet++ % (talk + pauseMs / PACKET_MS);
    if (at < talk) return 'voice';
    return at === talk ? 'noise' : 'nothing';
  }
}
