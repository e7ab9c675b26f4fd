/** Of a TLS record (RFC 5246 §6.2.1, A.1). */
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;
/** Longest piece of a handshake that is put together: a chain of certificates, many times over. */
const LONGEST = 256 * 1024;

/** What one side of a connection says in the open. */
export interface OpenTls {
  /** A whole handshake message; type as in RFC 5246 §7.4. */
  handshake: (type: number, body: Buffer) => void;
  alert: (code: number) => void;
  /** From here on it is encrypted. */
  encrypted: () => void;
}

/** Takes one direction of a connection apart into TLS records, until they are encrypted or make no sense. */
export class TlsRecords {
  private waiting = Buffer.alloc(0);
  private message = Buffer.alloc(0);
  private isOver = false;

  constructor(private readonly heard: OpenTls) {}

  add(bytes: Buffer): void {
    if (this.isOver) return;
    this.waiting = Buffer.concat([this.waiting, bytes]);
    while (!this.isOver && this.waiting.length >= RECORD_HEADER) {
      const length = this.waiting.readUInt16BE(3);
      if (this.waiting[1] !== 3 || length > LONGEST) return this.interrupt();
      if (this.waiting.length < RECORD_HEADER + length) return;
      this.record(this.waiting[0]!, this.waiting.subarray(RECORD_HEADER, RECORD_HEADER + length));
      this.waiting = this.waiting.subarray(RECORD_HEADER + length);
    }
  }

  /** Bytes are missing here: nothing that follows can be read. */
  interrupt(): void {
    this.isOver = true;
    this.waiting = this.message = Buffer.alloc(0);
  }

  private record(type: number, content: Buffer): void {
    if (type === HANDSHAKE) this.handshake(content);
    else if (type === ALERT && content.length === 2) this.heard.alert(content[1]!);
    else {
      if (type === CHANGE_CIPHER_SPEC) this.heard.encrypted();
      this.interrupt();
    }
  }

  /** A message may go over several records, and a record may hold several messages. */
  private handshake(content: Buffer): void {
    this.message = Buffer.concat([this.message, content]);
    while (this.message.length >= HANDSHAKE_HEADER) {
      const end = HANDSHAKE_HEADER + this.message.readUIntBE(1, 3);
      if (end > LONGEST) return this.interrupt();
      if (this.message.length < end) return;
      this.heard.handshake(this.message[0]!, this.message.subarray(HANDSHAKE_HEADER, end));
      this.message = this.message.subarray(end);
    }
  }
}
