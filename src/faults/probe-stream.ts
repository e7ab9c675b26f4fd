import { monotonicMs } from '../base/linux/clock.js';
import { SystemCallError } from '../base/linux/libc.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { ProbeHeader, ProbeShape } from './probe-match.js';
import type { Way } from './sides.js';

const MAGIC = 'deadair-probe';
const HEAD_BYTES = MAGIC.length + 12;
/** IPv4 and UDP. */
const HEADER_BYTES = 28;
const IPPROTO_IP = 0;
const IP_TOS = 1;

export interface Arrival {
  number: number;
  delayMs: number;
  atMs: number;
}

/** Probes of one kind on their way over a link: a socket on either side, both closed by disposing. */
export class ProbeStream implements Disposable {
  readonly arrivals: Arrival[] = [];
  sent = 0;
  /** Times that ICMP told the sender that it was refused; those that came between two looks count as one. */
  refusals = 0;
  private readonly seen = new Set<number>();
  private readonly packet: Buffer;

  private constructor(
    readonly way: Way,
    readonly header: ProbeHeader,
    private readonly sender: NamespaceUdpSocket,
    private readonly receiver: NamespaceUdpSocket,
    ipBytes: number,
  ) {
    this.packet = Buffer.alloc(Math.max(HEAD_BYTES, ipBytes - HEADER_BYTES));
    this.packet.write(MAGIC, 'latin1');
  }

  /** Null if a port that the shape asks for is taken. `ipBytes`: length of each packet, at least some 50. */
  static open(
    way: Way,
    shape: ProbeShape,
    netnsPath: (node: string) => string,
    ipBytes = 0,
  ): ProbeStream | null {
    const { sender, receiver } = way;
    const out = openSocket(netnsPath(sender.node), sender.address, shape.sourcePort);
    if (!out) return null;
    const into = openSocket(netnsPath(receiver.node), receiver.address, shape.destinationPort);
    if (!into) {
      out.close();
      return null;
    }
    if (shape.dscp !== 0) out.setOption(IPPROTO_IP, IP_TOS, shape.dscp << 2);
    const header = {
      source: out.address,
      destination: into.address,
      sourcePort: out.port,
      destinationPort: into.port,
      dscp: shape.dscp,
    };
    const stream = new ProbeStream(way, header, out, into, ipBytes);
    stream.listenForRefusals();
    return stream;
  }

  get frameBits(): number {
    return (this.packet.length + HEADER_BYTES + 14) * 8;
  }

  /** Different ones that arrived. */
  get received(): number {
    return this.seen.size;
  }

  send(): void {
    this.hearRefusals();
    this.packet.writeUInt32BE(this.sent++, MAGIC.length);
    this.packet.writeDoubleBE(monotonicMs(), MAGIC.length + 4);
    try {
      this.sender.send(this.packet, this.receiver.address, this.receiver.port);
    } catch (error) {
      // One that the kernel refuses (no carrier, no route) is a probe that didn't arrive.
      this.noteRefusal(error);
    }
  }

  collect(): void {
    this.hearRefusals();
    for (let got = this.receiver.receive(); got; got = this.receiver.receive()) {
      if (got.data.length !== this.packet.length || got.data.toString('latin1', 0, MAGIC.length) !== MAGIC)
        continue;
      const number = got.data.readUInt32BE(MAGIC.length);
      const atMs = monotonicMs();
      this.seen.add(number);
      this.arrivals.push({ number, delayMs: atMs - got.data.readDoubleBE(MAGIC.length + 4), atMs });
    }
  }

  /** Only a connected socket is told by ICMP that it was refused. Where there's no route there is nothing to hear. */
  private listenForRefusals(): void {
    try {
      this.sender.connect(this.receiver.address, this.receiver.port);
    } catch (error) {
      this.noteRefusal(error);
    }
  }

  /** ICMP errors come as the result of the next call on the socket. */
  private hearRefusals(): void {
    try {
      this.sender.receive();
    } catch (error) {
      this.noteRefusal(error);
    }
  }

  private noteRefusal(error: unknown): void {
    if (!(error instanceof SystemCallError)) throw error;
    if (error.code === 'ECONNREFUSED') this.refusals++;
  }

  [Symbol.dispose](): void {
    this.sender.close();
    this.receiver.close();
  }
}

function openSocket(netnsPath: string, address: string, port: number): NamespaceUdpSocket | null {
  try {
    return NamespaceUdpSocket.open(netnsPath, address, port);
  } catch (error) {
    if (error instanceof SystemCallError && error.code === 'EADDRINUSE') return null;
    throw error;
  }
}
