import type { Endpoint, SdpAudio, SipMessage } from './types.js';

/**
 * Headers that may tell which other call a call is of, over a B2BUA: RFC 7989, RFC 7315, and what B2BUAs add. Names in lower
 * case and long form.
 */
const CORRELATING =
  /^(session-id|p-charging-vector|x-.+|call-id-.+|p-call-.+|replaces|in-reply-to|thread-info|cisco-guid)$/;

/**
 * Makes SIP messages small: of their headers, only an INVITE that opens a call keeps those that may tell which other call it
 * is of; and texts stand by themselves, once. As parsed, each is a piece of the whole message, which then stays in memory.
 */
export class SlimSip {
  private readonly texts = new Map<string, string>();
  private readonly ends = new Map<string, Endpoint>();

  slim(message: SipMessage): SipMessage {
    const { seen, src, dst, method, status, from, to, sdp, dtmf, headers } = message;
    const isOpening = method === 'INVITE' && status === null && to.tag === null;
    return {
      ...message,
      seen: { ...seen, interface: this.text(seen.interface) },
      src: this.end(src),
      dst: this.end(dst),
      method: this.text(method),
      reason: this.textOrNull(message.reason),
      requestUri: this.textOrNull(message.requestUri),
      callId: this.text(message.callId),
      branch: this.textOrNull(message.branch),
      from: this.address(from),
      to: this.address(to),
      sdp: sdp && this.sdp(sdp),
      dtmf: dtmf && { contentType: this.text(dtmf.contentType), body: this.text(dtmf.body) },
      headers: isOpening
        ? headers
            .filter(([name]) => CORRELATING.test(name))
            .map(([name, value]) => [this.text(name), this.text(value)])
        : [],
    };
  }

  private address({ user, host, tag }: SipMessage['from']): SipMessage['from'] {
    return { user: this.textOrNull(user), host: this.text(host), tag: this.textOrNull(tag) };
  }

  private sdp(sdp: SdpAudio): SdpAudio {
    const payloads = sdp.payloads.map((payload) => ({ ...payload, codec: this.text(payload.codec) }));
    return { ...sdp, address: this.text(sdp.address), payloads };
  }

  private end(end: Endpoint): Endpoint {
    const key = `${end.address} ${end.port}`;
    let known = this.ends.get(key);
    if (!known) this.ends.set(key, (known = { address: this.text(end.address), port: end.port }));
    return known;
  }

  private textOrNull(text: string | null): string | null {
    return text === null ? null : this.text(text);
  }

  private text(text: string): string {
    let known = this.texts.get(text);
    if (known === undefined) {
      // By way of bytes, because nothing else is sure to copy.
      known = Buffer.from(text).toString();
      this.texts.set(known, known);
    }
    return known;
  }
}
