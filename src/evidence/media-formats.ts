import { STATIC_PAYLOADS } from './codecs.js';
import type { Endpoint, SdpAudio, SipMessage } from './types.js';

type Format = Pick<SdpAudio['payloads'][number], 'codec' | 'clockHz'>;

/** What payload types mean at an address, as the SDPs seen up to now announced them. */
export class MediaFormats {
  private readonly announced = new Map<string, SdpAudio['payloads']>();
  /** Each list once: most phones announce the same. As parsed, a name may be a piece of the whole message. */
  private readonly lists = new Map<string, SdpAudio['payloads']>();

  /** Takes the SDP of the next message, if it has one. */
  learn({ sdp }: Pick<SipMessage, 'sdp'>): void {
    if (!sdp || sdp.port === 0) return;
    const text = JSON.stringify(sdp.payloads);
    let list = this.lists.get(text);
    if (!list) this.lists.set(text, (list = JSON.parse(text) as SdpAudio['payloads']));
    this.announced.set(`${sdp.address} ${sdp.port}`, list);
  }

  /**
   * Codec and RTP clock of a payload type in a stream: whoever receives it says what it means (RFC 3264 §5.1), or else
   * whoever sends it, or else RFC 3551 does. Null if nobody does.
   */
  formatOf({ src, dst }: { src: Endpoint; dst: Endpoint }, type: number): Format | null {
    for (const { address, port } of [dst, src]) {
      const format = this.announced.get(`${address} ${port}`)?.find((payload) => payload.type === type);
      if (format) return { codec: format.codec, clockHz: format.clockHz };
    }
    return STATIC_PAYLOADS.get(type) ?? null;
  }
}
