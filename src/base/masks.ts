import { Transform } from 'node:stream';

const STAR = '*'.charCodeAt(0);

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
  get longest(): number {
    return Math.max(0, ...this.secrets.map(({ length }) => length));
  }

  text(text: string): string {
    return this.none ? text : this.hideIn(Buffer.from(text)).toString();
  }

  /** Overwrites in place, and gives the same buffer. */
  hideIn(bytes: Buffer): Buffer {
    for (const secret of this.secrets)
      for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + secret.length))
        bytes.fill(STAR, at, at + secret.length);
    return bytes;
  }

  /** Hides secrets in a stream of bytes, also where one comes in two pieces. */
  stream(): Transform {
    let kept: Buffer = Buffer.alloc(0);
    const take = (chunk: Buffer) => {
      kept = this.hideIn(Buffer.concat([kept, chunk]));
      const ready = kept.subarray(0, kept.length - this.beginnings(kept));
      kept = kept.subarray(ready.length);
      return ready;
    };
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => done(null, take(chunk)),
      flush: (done) => done(null, kept),
    });
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
