import { NamespaceTcpSocket } from '../base/linux/tcp-socket.js';
import type { LinkState } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { DialSeries } from '../runfolder/journal.js';
import { directionFrom, type Way } from './sides.js';

const DIALS = 3;

/**
 * TCP connections tried over a way that is cut. Somebody listens at the far end, so that what is reset was reset by who
 * cuts, and what opens was let through. All sockets are closed by disposing.
 */
export class Dials implements Disposable {
  private constructor(
    private readonly way: Way,
    private readonly listener: NamespaceTcpSocket,
    private readonly dials: readonly NamespaceTcpSocket[],
  ) {}

  static open(way: Way, netnsPath: (node: string) => string): Dials {
    const { sender, receiver } = way;
    const listener = NamespaceTcpSocket.open(netnsPath(receiver.node), receiver.address);
    listener.listen();
    const from = netnsPath(sender.node);
    const dials = Array.from({ length: DIALS }, () => NamespaceTcpSocket.open(from, sender.address));
    return new Dials(way, listener, dials);
  }

  /** Begins, or looks how far all have come. */
  look(): DialSeries {
    const states = this.dials.map((dial) => dial.dial(this.way.receiver.address, this.listener.port));
    const count = (state: string) => states.filter((one) => one === state).length;
    return { from: this.way.from, tried: DIALS, reset: count('reset'), opened: count('open') };
  }

  [Symbol.dispose](): void {
    for (const socket of [...this.dials, this.listener]) socket[Symbol.dispose]();
  }
}

/** Dials for each direction of a link that is cut. */
export const openDials = (
  link: PlannedLink,
  state: LinkState,
  ways: readonly Way[],
  netnsPath: (node: string) => string,
): Dials[] =>
  ways
    .filter(({ from }) => state[directionFrom(link, from)].cut !== null)
    .map((way) => Dials.open(way, netnsPath));
