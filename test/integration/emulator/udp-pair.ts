import { monotonicMs } from '../../../src/base/linux/clock.js';
import { PollSet } from '../../../src/base/linux/poll-set.js';
import { NamespaceUdpSocket } from '../../../src/base/linux/udp-socket.js';

const PATIENCE_MS = 1000;

/** One end of a UDP conversation, read by one thread that can wait. */
export class UdpEnd implements Disposable {
  readonly socket: NamespaceUdpSocket;
  private readonly polled = new PollSet();

  constructor(
    netnsPath: string,
    readonly address: string,
  ) {
    this.socket = NamespaceUdpSocket.open(netnsPath, address, 0);
    this.polled.add(this.socket.fd);
  }

  /** Sends a number to the other end. */
  send(value: number, to: UdpEnd): void {
    const data = Buffer.alloc(160);
    data.writeDoubleLE(value);
    this.socket.send(data, to.address, to.socket.port);
  }

  /** The next number to arrive within `limitMs`, or null. */
  receive(limitMs = PATIENCE_MS): number | null {
    const deadline = monotonicMs() + limitMs;
    for (;;) {
      const datagram = this.socket.receive();
      if (datagram) return datagram.data.readDoubleLE();
      const leftMs = deadline - monotonicMs();
      if (leftMs <= 0) return null;
      this.polled.wait(leftMs);
    }
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}

/** Waits for this very number, past others that come late; false if it doesn't arrive in time. */
function awaits(end: UdpEnd, wanted: number): boolean {
  for (let value = end.receive(); value !== null; value = end.receive()) if (value === wanted) return true;
  return false;
}

/** Milliseconds for a packet there and back, or null if it got lost on the way. */
function roundTripMs(from: UdpEnd, to: UdpEnd): number | null {
  const startMs = monotonicMs();
  from.send(startMs, to);
  if (!awaits(to, startMs)) return null;
  to.send(startMs, from);
  return awaits(from, startMs) ? monotonicMs() - startMs : null;
}

export function sortedRoundTripsMs(from: UdpEnd, to: UdpEnd, count: number): number[] {
  const trips = Array.from({ length: count }, () => roundTripMs(from, to));
  return trips.filter((trip) => trip !== null).sort((one, other) => one - other);
}

const BATCH = 100;
const MARKER = -1;

/**
 * Sends the numbers 0 … count − 1 and returns those that arrived, in order of arrival. After each batch, markers are sent
 * until one gets through: since links keep order, all numbers before it have then arrived or are lost.
 */
export function transfer(from: UdpEnd, to: UdpEnd, count: number): number[] {
  const arrived: number[] = [];
  for (let start = 0; start < count; start += BATCH) {
    for (let value = start; value < Math.min(count, start + BATCH); value++) from.send(value, to);
    for (let marked = false, tries = 0; !marked; tries++) {
      if (tries === 100) throw new Error('nothing gets through');
      from.send(MARKER, to);
      for (let value = to.receive(20); value !== null && !marked; value = marked ? null : to.receive(20)) {
        if (value === MARKER) marked = true;
        else arrived.push(value);
      }
    }
  }
  return arrived;
}
