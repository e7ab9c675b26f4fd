import { X509Certificate } from 'node:crypto';

/** Extension and name type of RFC 6066 §3. */
const SERVER_NAME = 0;
const HOST_NAME = 0;

/** Walks through lengths that a packet claims; throws RangeError beyond its end. */
class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  number(size: number): number {
    this.at += size;
    return this.bytes.readUIntBE(this.at - size, size);
  }

  take(length: number): Buffer {
    if (length > this.left) throw new RangeError('beyond the end');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A field with its length before it, in so many bytes. */
  field(sizeOfLength: number): Buffer {
    return this.take(this.number(sizeOfLength));
  }
}

/** The host that a ClientHello asks for (SNI); null if it names none, or isn't one. */
export function serverNameOf(clientHello: Buffer): string | null {
  return orNull(() => {
    const hello = new Reader(clientHello);
    hello.take(2 + 32);
    hello.field(1);
    hello.field(2);
    hello.field(1);
    const extensions = new Reader(hello.field(2));
    while (extensions.left > 0) {
      const type = extensions.number(2);
      const content = extensions.field(2);
      if (type !== SERVER_NAME) continue;
      const names = new Reader(new Reader(content).field(2));
      if (names.number(1) === HOST_NAME) return names.field(2).toString('latin1');
    }
    return null;
  });
}

/** The server's own certificate: the first of a Certificate message (RFC 5246 §7.4.2). Null if it doesn't read. */
export function certificateOf(message: Buffer): X509Certificate | null {
  return orNull(() => new X509Certificate(new Reader(new Reader(message).field(3)).field(3)));
}

/** Hosts that a certificate is for: its alternative names, or else its common name (RFC 6125 §6.4.4). */
export function hostsOf({ subject, subjectAltName }: X509Certificate): string[] {
  const names = (subjectAltName ?? '').split(', ').flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []);
  return names.length > 0 ? names : commonName(subject);
}

/** The common name of a subject or an issuer, as a list of one; none if it has none. */
export const commonName = (of: string): string[] =>
  [...of.matchAll(/^CN=(.+)$/gm)].flatMap(([, name]) => name ?? []);

/** What anybody may have sent is read, or not: what is damaged is none. */
function orNull<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
