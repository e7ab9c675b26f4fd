import { Transform } from 'node:stream';

const STAR = '*'.charCodeAt(0);

/** Bytes as they came, and with the secrets in them hidden; of one length. */
interface MaskedPiece {
  before: Buffer;
  after: Buffer;
}

/**
 * Hides secrets in whatever is written: each is overwritten by as many asterisks, so that a file keeps its shape
 * (captures have lengths inside). Also found as JSON writes it, with escapes.
 */
export class Masks {
  private readonly secrets: readonly Buffer[];

  constructor(secrets: readonly string[]) {
    const spellings = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
    this.secrets = [...new Set(spellings)].map((secret) => Buffer.from(secret));
  }

  /** True if there is nothing to hide. */
  get none(): boolean {
    return this.secrets.length === 0;
  }

  /** Longest of the secrets, in bytes. */
  private get longest(): number {
    return Math.max(0, ...this.secrets.map(({ length }) => length));
  }

  text(text: string): string {
    return this.none ? text : this.hideIn(Buffer.from(text)).toString();
  }

  /** Overwrites in place, and gives the same buffer. */
  hideIn(bytes: Buffer): Buffer {
    return this.hide(Buffer.from(bytes), bytes);
  }

  /** Hides secrets in a stream of bytes, also where one comes in two pieces. */
  stream(): Transform {
    const pieces = this.inPieces();
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => done(null, pieces.take(chunk).after),
      flush: (done) => done(null, pieces.rest().after),
    });
  }

  /** Hides secrets in bytes that come piece by piece. What comes out lags behind by what may still become a secret. */
  inPieces(): { take(chunk: Buffer): MaskedPiece; rest(): MaskedPiece } {
    // What waits is kept as it was, too: one secret may be the beginning of another, or end with it.
    let waiting: MaskedPiece = { before: Buffer.alloc(0), after: Buffer.alloc(0) };
    return {
      take: (chunk) => {
        const before = Buffer.concat([waiting.before, chunk]);
        const after = this.hide(before, Buffer.concat([waiting.after, chunk]));
        const ready = before.length - this.beginnings(before);
        waiting = { before: before.subarray(ready), after: after.subarray(ready) };
        return { before: before.subarray(0, ready), after: after.subarray(0, ready) };
      },
      rest: () => waiting,
    };
  }

  /** Overwrites in `bytes` all that is a secret in `original`, also where secrets overlap; gives `bytes`. */
  private hide(original: Buffer, bytes: Buffer): Buffer {
    for (const secret of this.secrets)
      for (let at = original.indexOf(secret); at >= 0; at = original.indexOf(secret, at + 1))
        bytes.fill(STAR, at, at + secret.length);
    return bytes;
  }

  /** Length of the longest end of `bytes` with which a secret may begin: that much has to wait for what follows. */
  private beginnings(bytes: Buffer): number {
    const most = Math.min(bytes.length, this.longest - 1);
    for (let length = most; length > 0; length--) {
      const end = bytes.subarray(bytes.length - length);
      if (this.secrets.some((secret) => secret.length > length && secret.subarray(0, length).equals(end)))
        return length;
    }
    return 0;
  }
}
