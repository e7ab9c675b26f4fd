import { randomUUID } from 'node:crypto';
import { SIP_PORT } from '../base/ports.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { StartedNode } from '../lab/runtime.js';
import { newBranch, sipRequest } from '../lab/sip-request.js';

export type TestMethod = 'OPTIONS' | 'INVITE' | 'MESSAGE';

interface Asked {
  method: TestMethod;
  /** Both are the same in the ACK of a refusal (RFC 3261 §17.1.1.3). */
  branch: string;
  fromTag: string;
  /** Its final response; null while there is none. */
  status: number | null;
}

/**
 * A user agent of the harness that asks one SIP server of a node from within its own network: what it says and hears stays
 * on the node's loopback, where nothing is captured. A call that is taken is acknowledged and ended at once.
 */
export class TestAgent implements Disposable {
  private readonly asked = new Map<string, Asked>();
  private readonly socket: NamespaceUdpSocket;

  constructor(
    node: StartedNode,
    readonly address: string,
  ) {
    this.socket = NamespaceUdpSocket.open(node.netnsPath, address, 0);
  }

  ask(method: TestMethod, body = ''): void {
    const callId = randomUUID();
    const asked: Asked = { method, branch: newBranch(), fromTag: randomUUID(), status: null };
    this.asked.set(callId, asked);
    this.send(asked, method, callId, { body: method === 'INVITE' ? this.offer() : body });
  }

  /** Final responses so far to what was asked by this method; null for each that has none. */
  answers(method: TestMethod): (number | null)[] {
    this.collect();
    return [...this.asked.values()].filter((one) => one.method === method).map(({ status }) => status);
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }

  private collect(): void {
    for (let got = this.socket.receive(); got; got = this.socket.receive()) {
      const text = got.data.toString('latin1');
      const status = Number(/^SIP\/2\.0 (\d{3}) /.exec(text)?.[1] ?? 0);
      const callId = /^Call-ID: *(\S+)/im.exec(text)?.[1] ?? '';
      const method = /^CSeq: *\d+ +(\S+)/im.exec(text)?.[1];
      const asked = this.asked.get(callId);
      if (!asked || method !== asked.method || status < 200) continue;
      // On a loopback no ACK gets lost, so what comes once more crossed it.
      if (asked.status !== null) continue;
      asked.status = status;
      if (method === 'INVITE') this.finish(asked, callId, status, text);
    }
  }

  /** Each final response to an INVITE has its ACK; a call that was taken ends. */
  private finish(asked: Asked, callId: string, status: number, response: string): void {
    const to = /^To: *(.+?)\r?$/im.exec(response)?.[1] ?? `<sip:${this.address}>`;
    const isTaken = status < 300;
    this.send(isTaken ? { ...asked, branch: newBranch() } : asked, 'ACK', callId, { to });
    if (isTaken) this.send({ ...asked, branch: newBranch() }, 'BYE', callId, { to, cseq: 2 });
  }

  /** Any codec, to a port at which nobody listens. */
  private offer(): string {
    const { address } = this;
    return `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0 8\r\n`;
  }

  private send(
    { branch, fromTag }: Pick<Asked, 'branch' | 'fromTag'>,
    method: string,
    callId: string,
    { to = `<sip:test@${this.address}>`, cseq = 1, body = '' }: { to?: string; cseq?: number; body?: string },
  ): void {
    const request = sipRequest({
      method,
      uri: `sip:test@${this.address}:${SIP_PORT}`,
      local: `${this.address}:${this.socket.port}`,
      via: branch,
      user: 'fault-proof',
      fromTag,
      to,
      callId,
      cseq,
      hasContact: true,
      ...(body === ''
        ? {}
        : { body: { type: method === 'INVITE' ? 'application/sdp' : 'text/plain', text: body } }),
    });
    this.socket.send(request, this.address, SIP_PORT);
  }
}
