import { createHash } from 'node:crypto';
import { Fingerprints } from './fingerprints.js';
import { parseSip } from './sip.js';
import type { TcpMessage } from './sip-tcp.js';
import type { Tally } from './tally.js';
import type { Seen, SipMessage } from './types.js';

/** Where something was seen that a source address sent. */
export type Sighting = (
  where: { frame: number; atMs: number; interface: number },
  srcAddress: string,
) => Seen;

/** Parses and keeps the SIP of one capture. */
export class SipLog {
  readonly messages: SipMessage[] = [];
  private readonly fingerprints = new Fingerprints();
  private count = 0;

  /** Keeps no more than `most` messages; where `keep` is given, it does that, and `messages` stays empty. */
  constructor(
    private readonly problems: Tally,
    private readonly most: number,
    private readonly sighting: Sighting,
    private readonly keep: (message: SipMessage) => void = (message) => this.messages.push(message),
  ) {}

  /** Takes the bytes of a message and where they were seen. */
  add(found: TcpMessage & Pick<SipMessage, 'transport'>): void {
    const { bytes, src, dst, transport } = found;
    if (this.count >= this.most)
      return this.problems.note('SIP message beyond the number that is kept', found.frame);
    const content = parseSip(bytes);
    if (typeof content === 'string') return this.problems.note(content, found.frame);
    const way = `${found.interface} ${src.address} ${src.port} ${dst.address} ${dst.port}\n`;
    const retransmission = this.fingerprints.add(createHash('sha1').update(way).update(bytes).digest());
    const seen = this.sighting(found, src.address);
    const message: SipMessage = { seen, src, dst, transport, ...content, retransmission };
    this.count++;
    this.keep(message);
  }

  /** Puts in order what came late. */
  finish(): void {
    this.messages.sort((a, b) => a.seen.frame - b.seen.frame);
  }
}
