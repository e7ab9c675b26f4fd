import { execa } from 'execa';
import { SIP_PORT } from '../base/ports.js';
import { SystemCallError } from '../base/linux/libc.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import { openSockets, type OpenSocket } from '../lab/sockets.js';
import type { StartedNode } from '../lab/runtime.js';
import { optionsRequest } from '../lab/sip-request.js';

const CONNECT_LIMIT_MS = 1000;
const ANY = '0.0.0.0';

/** Asks one SIP server of a node, from within its own network, and counts what comes back. */
export class SipAsker implements Disposable {
  asked = 0;
  answered = 0;
  /** The kernel said that nobody is there. */
  refused = 0;
  private readonly socket: NamespaceUdpSocket;

  constructor(
    node: StartedNode,
    readonly address: string,
  ) {
    this.socket = NamespaceUdpSocket.open(node.netnsPath, address, 0);
    this.socket.connect(address, SIP_PORT);
  }

  ask(): void {
    const { address } = this;
    const local = `${address}:${this.socket.port}`;
    const request = optionsRequest('fault-proof', local, `${address}:${SIP_PORT}`);
    this.asked++;
    this.guarded(() => this.socket.send(request, address, SIP_PORT));
  }

  /** Takes in the answers so far. */
  collect(): void {
    let more = true;
    while (more)
      this.guarded(() => {
        const got = this.socket.receive();
        more = got !== null;
        if (got?.data.toString('latin1', 0, 8) === 'SIP/2.0 ') this.answered++;
      });
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }

  private guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      if (!(error instanceof SystemCallError) || error.code !== 'ECONNREFUSED') throw error;
      this.refused++;
    }
  }
}

/** Where something of a node is bound to the SIP port, each address once; `0.0.0.0` for all. */
export async function sipAddresses(node: StartedNode): Promise<string[]> {
  const bound = (await openSockets(node)).filter(
    ({ protocol, port }) => protocol === 'udp' && port === SIP_PORT,
  );
  return [...new Set(bound.map(({ address }) => address))];
}

/** Askers for every address of a node at which something is bound to the SIP port. */
export async function sipAskers(node: StartedNode, addresses: readonly string[]): Promise<SipAsker[]> {
  const bound = await sipAddresses(node);
  return [...new Set(bound.includes(ANY) ? addresses : bound)].map((address) => new SipAsker(node, address));
}

/** How many of a node's sockets still take what comes: UDP by being bound, TCP by a connection that its kernel accepts. */
export async function countAccepting(node: StartedNode, sockets: readonly OpenSocket[]): Promise<number> {
  const now = await openSockets(node);
  const accepts = async ({ protocol, address, port }: OpenSocket) => {
    const isThere = now.some(
      (one) => one.protocol === protocol && one.address === address && one.port === port,
    );
    if (!isThere || protocol === 'udp') return isThere;
    const host = address === ANY ? '127.0.0.1' : address;
    const connect = ['bash', '-c', `exec 3<>/dev/tcp/${host}/${port}`];
    const { exitCode } = await execa('nsenter', [`--net=${node.netnsPath}`, '--', ...connect], {
      reject: false,
      timeout: CONNECT_LIMIT_MS,
    });
    return exitCode === 0;
  };
  return (await Promise.all(sockets.map(accepts))).filter(Boolean).length;
}
