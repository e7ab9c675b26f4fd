import { createHash } from 'node:crypto';
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
  private readonly fingerprints = new Set<string>();

  /** Keeps no more than `most` messages, each as `kept` makes it. */
  constructor(
    private readonly problems: Tally,
    private readonly most: number,
    private readonly sighting: Sighting,
    private readonly heard: (message: SipMessage) => void,
    private readonly kept: (message: SipMessage) => SipMessage,
  ) {}

  /** Takes the bytes of a message and where they were seen. */
  add(found: TcpMessage & Pick<SipMessage, 'transport'>): void {
    const { bytes, src, dst, transport } = found;
    if (this.messages.length >= this.most)
      return this.problems.note('SIP message beyond the number that is kept', found.frame);
    const content = parseSip(bytes);
    if (typeof content === 'string') return this.problems.note(content, found.frame);
    const digest = createHash('sha1').update(bytes).digest('base64');
    const way = `${src.address} ${src.port} ${dst.address} ${dst.port}`;
    const fingerprint = `${found.interface} ${way} ${digest}`;
    const retransmission = this.fingerprints.has(fingerprint);
    this.fingerprints.add(fingerprint);
    const seen = this.sighting(found, src.address);
    const message: SipMessage = { seen, src, dst, transport, ...content, retransmission };
    this.messages.push(this.kept(message));
    this.heard(message);
  }

  /** Puts in order what came late. */
  finish(): void {
    this.messages.sort((a, b) => a.seen.frame - b.seen.frame);
  }
}
