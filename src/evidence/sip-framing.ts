import { looksLikeSip } from './sip.js';
import type { Segment } from './tcp-order.js';

/** Longest head and body that are put together. UDP couldn't carry more either. */
const LONGEST_HEAD = 32 * 1024;
const LONGEST_BODY = 64 * 1024;
const NOT_SIP = 'piece of a TCP connection of SIP that is not SIP';

/** Cuts a byte stream into SIP messages by their Content-Length (RFC 3261 §18.3), in bounded memory. */
export class SipFraming {
  private pieces: Buffer[] = [];
  private size = 0;
  /** Bytes that must be there before looking again makes sense. */
  private needed = 0;
  private frame = 0;
  private atMs = 0;

  /** `message` gets each whole message with the frame that completed it, `damage` a sentence about what is none. */
  constructor(
    private readonly message: (bytes: Buffer, frame: number, atMs: number) => void,
    private readonly damage: (what: string, frame: number) => void,
  ) {}

  /** Takes the next bytes of the stream. */
  add({ bytes, frame, atMs }: Segment): void {
    // A piece that came late completes what came before it.
    this.frame = this.size === 0 ? frame : Math.max(this.frame, frame);
    this.atMs = this.size === 0 ? atMs : Math.max(this.atMs, atMs);
    this.pieces.push(Buffer.from(bytes));
    this.size += bytes.length;
    if (this.size < this.needed) return;
    const all = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces, this.size);
    const rest = this.cutAll(all);
    this.pieces = rest.length > 0 ? [rest] : [];
    this.size = rest.length;
  }

  /** Bytes are missing here, or the stream ends. */
  interrupt(): void {
    if (this.size > 0) this.damage('SIP message over TCP that is not all there', this.frame);
    this.pieces = [];
    this.size = this.needed = 0;
  }

  /** Hands out all whole messages; returns what is left, which begins a message. */
  private cutAll(bytes: Buffer): Buffer {
    let begin = 0;
    for (;;) {
      while (bytes[begin] === 13 || bytes[begin] === 10) begin++;
      this.needed = 0;
      if (begin === bytes.length) return bytes.subarray(begin);
      const end = messageEnd(bytes, begin);
      if (end === null || !mayBeSip(bytes, begin)) {
        this.damage(NOT_SIP, this.frame);
        // The next message is looked for where a segment begins.
        return bytes.subarray(bytes.length);
      }
      if (end > bytes.length) {
        this.needed = end - begin;
        return bytes.subarray(begin);
      }
      this.message(bytes.subarray(begin, end), this.frame, this.atMs);
      begin = end;
    }
  }
}

/** Where the message that begins at bytes[begin] ends, as far as is known: perhaps beyond what is there. Null if too far. */
function messageEnd(bytes: Buffer, begin: number): number | null {
  const limit = Math.min(bytes.length, begin + LONGEST_HEAD);
  const blank = bytes.subarray(begin, limit).indexOf('\n\r\n', 0, 'latin1');
  const bare = bytes.subarray(begin, limit).indexOf('\n\n', 0, 'latin1');
  if (blank < 0 && bare < 0) return bytes.length - begin < LONGEST_HEAD ? bytes.length + 1 : null;
  const headEnd = begin + (blank < 0 || (bare >= 0 && bare < blank) ? bare + 2 : blank + 3);
  const head = bytes.toString('latin1', begin, headEnd);
  const length = Number(/\n(?:content-length|l)[ \t]*:[ \t]*(\d+)/i.exec(head)?.[1] ?? 0);
  return length <= LONGEST_BODY ? headEnd + length : null;
}

/** False if the first line is whole and not one of SIP. */
function mayBeSip(bytes: Buffer, begin: number): boolean {
  return bytes.indexOf(10, begin) < 0 || looksLikeSip(bytes, begin, bytes.length);
}
