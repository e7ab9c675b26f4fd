import { RECURSION_DESIRED, decode, encode } from 'dns-packet';
import { rcodeOf, recordText } from '../base/dns.js';
import { monotonicMs } from '../base/linux/clock.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import { DNS_PORT } from '../base/ports.js';
import type { StartedNode } from '../lab/runtime.js';
import type { PlannedRecord } from '../plan/planned-lab.js';

const LARGEST_ID = 0xffff;

/** One question, and what came of it. */
export interface Reply {
  record: PlannedRecord;
  askedMs: number;
  /** Null: nothing yet. */
  tookMs: number | null;
  /** `NOERROR`, `NXDOMAIN` …; null as long as nothing came. */
  rcode: string | null;
  /** In the form of `PlannedRecord.data`, sorted. */
  data: string[];
}

/** Asks a nameserver from within its own network, so that no link and no other server is in between. */
export class DnsAsker implements Disposable {
  readonly replies: Reply[] = [];
  private readonly socket: NamespaceUdpSocket;
  private readonly waiting = new Map<number, Reply>();

  constructor(
    node: StartedNode,
    private readonly address: string,
  ) {
    this.socket = NamespaceUdpSocket.open(node.netnsPath, address, 0);
  }

  ask(record: PlannedRecord): void {
    const id = (this.replies.length + 1) & LARGEST_ID;
    const reply: Reply = { record, askedMs: monotonicMs(), tookMs: null, rcode: null, data: [] };
    const { name, type } = record;
    const question = encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ name, type }] });
    this.socket.send(question, this.address, DNS_PORT);
    this.waiting.set(id, reply);
    this.replies.push(reply);
  }

  /** Takes in the answers so far. */
  collect(): void {
    for (let got = this.socket.receive(); got !== null; got = this.socket.receive()) {
      const { id = 0, flags = 0, answers = [] } = decode(got.data);
      const reply = this.waiting.get(id);
      if (!reply) continue;
      this.waiting.delete(id);
      reply.tookMs = monotonicMs() - reply.askedMs;
      reply.rcode = rcodeOf(flags);
      reply.data = answers
        .filter(({ type }) => type === reply.record.type)
        .flatMap((answer) => recordText(answer) ?? [])
        .sort();
    }
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}
