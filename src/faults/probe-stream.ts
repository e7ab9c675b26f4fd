import { crc32 } from 'node:zlib';
import { ETHERNET_BYTES, IPV4_BYTES, UDP_BYTES } from '../base/headers.js';
import { monotonicMs, wallMinusMonotonicMs } from '../base/linux/clock.js';
import { SystemCallError } from '../base/linux/libc.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { ProbeHeader, ProbeShape } from './probe-match.js';
import type { Way } from './sides.js';

const MAGIC = 'deadair-probe';
const HEAD_BYTES = MAGIC.length + 12;
/** CRC of all before it: a packet without a checksum of its own shows by it whether it was damaged. */
const CRC_BYTES = 4;
const HEADER_BYTES = IPV4_BYTES + UDP_BYTES;
const IPPROTO_IP = 0;
const IP_TOS = 1;
const SOL_SOCKET = 1;
const SO_NO_CHECK = 11;

/** By so much two readings of two clocks may differ. */
const CLOCKS_MS = 1;

/** What probes of a stream are like beyond their header. */
export interface ProbeBody {
  /** Length of each packet, at least some 60. */
  ipBytes?: number;
  /** Without UDP checksum: what was damaged on its way arrives, and is known by its CRC. */
  bare?: boolean;
}

export interface Arrival {
  number: number;
  delayMs: number;
  atMs: number;
}

/** Probes of one kind on their way over a link: a socket on either side, both closed by disposing. */
export class ProbeStream implements Disposable {
  readonly arrivals: Arrival[] = [];
  /** When each was sent, on the monotonic clock. */
  readonly sentAtMs: number[] = [];
  /** Numbers of those that arrived damaged, as well as they could be read. */
  readonly damaged = new Set<number>();
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
    readonly bare: boolean,
  ) {
    this.packet = Buffer.alloc(Math.max(HEAD_BYTES + CRC_BYTES, ipBytes - HEADER_BYTES));
    this.packet.write(MAGIC, 'latin1');
  }

  /** Null if a port that the shape asks for is taken. */
  static open(
    way: Way,
    shape: ProbeShape,
    netnsPath: (node: string) => string,
    { ipBytes = 0, bare = false }: ProbeBody = {},
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
    const stream = new ProbeStream(way, header, out, into, ipBytes, bare);
    if (bare) out.setOption(SOL_SOCKET, SO_NO_CHECK, 1);
    into.receivedWallMs(); // from now on the kernel notes when it took in each
    stream.listenForRefusals();
    return stream;
  }

  get sent(): number {
    return this.sentAtMs.length;
  }

  get frameBits(): number {
    return (this.packet.length + HEADER_BYTES + ETHERNET_BYTES) * 8;
  }

  /** Of all bits behind the Ethernet header, those that a bare probe is looked at for. */
  get payloadShare(): number {
    return this.packet.length / (this.packet.length + HEADER_BYTES);
  }

  /** Different ones that arrived whole. */
  get received(): number {
    return this.seen.size;
  }

  hasArrived(number: number): boolean {
    return this.seen.has(number);
  }

  send(): void {
    this.hearRefusals();
    const { packet } = this;
    const nowMs = monotonicMs();
    packet.writeUInt32BE(this.sent, MAGIC.length);
    packet.writeDoubleBE(nowMs, MAGIC.length + 4);
    this.sentAtMs.push(nowMs);
    packet.writeUInt32BE(crc32(packet.subarray(0, -CRC_BYTES)), packet.length - CRC_BYTES);
    try {
      this.sender.send(this.packet, this.receiver.address, this.receiver.port);
    } catch (error) {
      // One that the kernel refuses (no carrier, no route) is a probe that didn't arrive.
      this.noteRefusal(error);
    }
  }

  collect(): void {
    this.hearRefusals();
    let offsetMs: number | null = null;
    for (let got = this.receiver.receive(); got; got = this.receiver.receive()) {
      const { data } = got;
      if (data.length !== this.packet.length) continue;
      if (crc32(data.subarray(0, -CRC_BYTES)) !== data.readUInt32BE(data.length - CRC_BYTES)) {
        this.damaged.add(data.readUInt32BE(MAGIC.length));
        continue;
      }
      if (data.toString('latin1', 0, MAGIC.length) !== MAGIC) continue;
      const number = data.readUInt32BE(MAGIC.length);
      const sentMs = data.readDoubleBE(MAGIC.length + 4);
      offsetMs ??= wallMinusMonotonicMs();
      const atMs = this.arrivedAtMs(sentMs, offsetMs);
      this.seen.add(number);
      this.arrivals.push({ number, delayMs: atMs - sentMs, atMs });
    }
  }

  /** As the kernel noted it: the prober itself looks every few ms only. Now, if that can't be. */
  private arrivedAtMs(sentMs: number, wallMinusMonotonic: number): number {
    const nowMs = monotonicMs();
    const wallMs = this.receiver.receivedWallMs();
    if (wallMs === null) return nowMs;
    const notedMs = wallMs - wallMinusMonotonic;
    return notedMs >= sentMs - CLOCKS_MS && notedMs <= nowMs ? Math.max(notedMs, sentMs) : nowMs;
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
