import type { CapturePoint } from './capture-point.js';
import { dstAddress, srcAddress, type Datagram } from './datagram.js';
import { certificateOf, commonName, hostsOf, serverNameOf } from './tls-messages.js';
import { TlsRecords } from './tls-records.js';
import { TcpOrder } from './tcp-order.js';
import type { Seen, TlsHandshake } from './types.js';

const CLIENT_HELLO = 1;
const CERTIFICATE = 11;
const HANDSHAKE_RECORD = 22;
/** Connections that are followed at once, and handshakes that are kept. */
const MOST_FOLLOWED = 256;
const MOST_KEPT = 20_000;

interface Side {
  order: TcpOrder;
  isEncrypted: boolean;
}

interface Connection {
  handshake: TlsHandshake;
  client: Side;
  server: Side;
}

/** Follows the TLS handshakes of one capture for as long as they are in the open. */
export class TlsLog {
  /** In order of their ClientHello. */
  readonly handshakes: TlsHandshake[] = [];
  private readonly followed = new Map<string, Connection>();
  private frame = 0;
  private atMs = 0;

  /** `axis` turns wall clock into ms on the lab axis. */
  constructor(
    private readonly point: CapturePoint,
    private readonly axis: (wallMs: number) => number,
  ) {}

  add(datagram: Datagram): void {
    const { bytes, start, end, tcpHeader, protocol, frame, atMs } = datagram;
    if (protocol !== 'tcp' || start >= end) return;
    const [here, there] = [keyOf(datagram, false), keyOf(datagram, true)];
    if (isClientHello(bytes, start, end)) this.follow(here, datagram);
    const connection = this.followed.get(here) ?? this.followed.get(there);
    if (!connection) return;
    [this.frame, this.atMs] = [frame, atMs];
    const side = this.followed.has(here) ? connection.client : connection.server;
    side.order.add(bytes.readUInt32BE(tcpHeader + 4), { bytes: bytes.subarray(start, end), frame, atMs });
    const { client, server, handshake } = connection;
    handshake.established = client.isEncrypted && server.isEncrypted;
    if (handshake.established || handshake.alert)
      this.followed.delete(this.followed.has(here) ? here : there);
  }

  private follow(key: string, datagram: Datagram): void {
    if (this.handshakes.length >= MOST_KEPT) return;
    const { bytes, tcpHeader, srcPort, dstPort, frame, atMs } = datagram;
    const client = { address: srcAddress(datagram), port: srcPort };
    const { file, node, addresses } = this.point;
    const sent = addresses.has(client.address);
    const handshake: TlsHandshake = {
      seen: { file, node, interface: this.point.interface, frame, atMs, sent },
      client,
      server: { address: dstAddress(datagram), port: dstPort },
      serverName: null,
      certificate: null,
      alert: null,
      established: false,
    };
    this.handshakes.push(handshake);
    const [oldest] = this.followed.keys();
    if (oldest !== undefined && this.followed.size >= MOST_FOLLOWED) this.followed.delete(oldest);
    this.followed.set(key, {
      handshake,
      client: this.side('client', handshake, bytes.readUInt32BE(tcpHeader + 4)),
      server: this.side('server', handshake, bytes.readUInt32BE(tcpHeader + 8)),
    });
  }

  private side(by: 'client' | 'server', handshake: TlsHandshake, next: number): Side {
    const records = new TlsRecords({
      handshake: (type, body) => {
        if (by === 'client' && type === CLIENT_HELLO) handshake.serverName = serverNameOf(body);
        if (by === 'server' && type === CERTIFICATE) this.certificate(handshake, body);
      },
      alert: (code) => (handshake.alert ??= { seen: this.here(handshake.seen), by, code }),
      encrypted: () => (side.isEncrypted = true),
    });
    const order = new TcpOrder(
      next | 0,
      (segment) => records.add(segment.bytes),
      () => records.interrupt(),
    );
    const side: Side = { order, isEncrypted: false };
    return side;
  }

  private certificate(handshake: TlsHandshake, message: Buffer): void {
    const found = certificateOf(message);
    if (!found) return;
    const { serverName } = handshake;
    handshake.certificate = {
      seen: this.here(handshake.seen),
      hosts: hostsOf(found),
      issuer: commonName(found.issuer)[0] ?? found.issuer,
      fromMs: this.axis(Date.parse(found.validFrom)),
      toMs: this.axis(Date.parse(found.validTo)),
      isForServer: serverName === null ? null : found.checkHost(serverName) !== undefined,
    };
  }

  private here = (of: Seen): Seen => ({ ...of, frame: this.frame, atMs: this.atMs });
}

const isClientHello = (bytes: Buffer, start: number, end: number): boolean =>
  end - start > 5 &&
  bytes[start] === HANDSHAKE_RECORD &&
  bytes[start + 1] === 3 &&
  bytes[start + 5] === CLIENT_HELLO;

function keyOf(datagram: Datagram, back: boolean): string {
  const src = `${srcAddress(datagram)}:${datagram.srcPort}`;
  const dst = `${dstAddress(datagram)}:${datagram.dstPort}`;
  return back ? `${dst} ${src}` : `${src} ${dst}`;
}
