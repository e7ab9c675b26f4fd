import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { monotonicMs } from '../../src/base/linux/clock.js';
import { PollSet } from '../../src/base/linux/poll-set.js';
import { runAheadOfOthers } from '../../src/base/linux/thread.js';
import { NamespaceUdpSocket } from '../../src/base/linux/udp-socket.js';
import type { PacketRecord } from './checks.js';

/** Bytes of Ethernet, IPv4 and UDP in front of the payload. */
const HEADER_BYTES = 42;
const LEAST_PAYLOAD = 16;
/** V8's helper threads would run at ordinary priority, and the one that runs ahead would wait for them. */
const ONE_THREAD = ['--single-threaded-gc', '--no-concurrent-recompilation'];
const MAGIC = 0xdead_a172;

/** Where one side of a flow is. */
export interface TrafficEnd {
  /** `/proc/PID/ns/net` */
  netnsPath: string;
  address: string;
  /** 0 takes a free one. */
  port: number;
}

/** Numbered packets at an even pace. */
export interface TrafficPlan {
  from: TrafficEnd;
  to: TrafficEnd;
  count: number;
  /** Between two packets, ms; 0 for as fast as can be. */
  gapMs: number;
  /** Of the whole Ethernet frame, at least 58. */
  frameBytes: number;
  /** How long after the last packet, and after the last arrival, another is awaited. */
  settleMs: number;
}

/**
 * Sends and receives several flows at once, in this thread, which does nothing else meanwhile. Returns each flow's
 * records, of the arrivals in order of arrival.
 */
export function exchangeAll(plans: readonly TrafficPlan[]): PacketRecord[][] {
  const flows = plans.map((plan) => new Flow(plan, 'both'));
  run(flows);
  return flows.map((flow) => flow.records());
}

/** As exchangeAll, for one flow. */
export const exchange = (plan: TrafficPlan): PacketRecord[] => exchangeAll([plan])[0]!;

/**
 * As exchangeAll, in a process of its own that runs ahead of others: so that on a busy machine it's the link that is
 * measured, and not how long this process waits for a processor.
 */
export async function exchangeApart(plans: readonly TrafficPlan[]): Promise<PacketRecord[][]> {
  const { stdout } = await execa(
    process.execPath,
    [...ONE_THREAD, fileURLToPath(import.meta.url), 'exchange'],
    {
      input: JSON.stringify(plans),
      stderr: 'inherit',
    },
  );
  return JSON.parse(stdout) as PacketRecord[][];
}

class Flow implements Disposable {
  readonly sender: NamespaceUdpSocket | null;
  readonly receiver: NamespaceUdpSocket | null;
  readonly sent: number[] = [];
  readonly arrivals: PacketRecord[] = [];
  private readonly data: Buffer;
  private readonly startMs = monotonicMs();
  private quietSinceMs = this.startMs;

  constructor(
    private readonly plan: TrafficPlan,
    side: 'both' | 'send' | 'receive',
  ) {
    const open = ({ netnsPath, address, port }: TrafficEnd) =>
      NamespaceUdpSocket.open(netnsPath, address, port);
    this.sender = side === 'receive' ? null : open(plan.from);
    this.receiver = side === 'send' ? null : open(plan.to);
    this.data = Buffer.alloc(Math.max(LEAST_PAYLOAD, plan.frameBytes - HEADER_BYTES));
    this.data.writeUInt32BE(MAGIC);
  }

  /** When there is something to do: to send the next packet, or to give up waiting. */
  get nextMs(): number {
    return this.isSending ? this.startMs + this.sent.length * this.plan.gapMs : this.endMs;
  }

  get isOver(): boolean {
    return !this.isSending && (this.receiver === null || monotonicMs() >= this.endMs);
  }

  sendDue(): void {
    const nowMs = monotonicMs();
    if (!this.isSending || this.nextMs > nowMs) return;
    this.data.writeUInt32BE(this.sent.length, 4);
    this.data.writeDoubleBE(nowMs, 8);
    this.sender!.send(this.data, this.plan.to.address, this.receiver?.port ?? this.plan.to.port);
    this.sent.push(nowMs);
    this.quietSinceMs = nowMs;
  }

  /** Takes what has arrived. A packet's time is read after it was: never too early. */
  receive(): void {
    for (let got = this.receiver?.receive(); got; got = this.receiver?.receive()) {
      const receivedMs = (this.quietSinceMs = monotonicMs());
      if (got.data.length >= LEAST_PAYLOAD && got.data.readUInt32BE() === MAGIC)
        this.arrivals.push({ seq: got.data.readUInt32BE(4), sentMs: got.data.readDoubleBE(8), receivedMs });
    }
  }

  records(): PacketRecord[] {
    const arrived = new Set(this.arrivals.map(({ seq }) => seq));
    const lost = this.sent.flatMap((sentMs, seq) =>
      arrived.has(seq) ? [] : [{ seq, sentMs, receivedMs: null }],
    );
    return [...this.arrivals, ...lost];
  }

  [Symbol.dispose](): void {
    this.sender?.close();
    this.receiver?.close();
  }

  private get isSending(): boolean {
    return this.sender !== null && this.sent.length < this.plan.count;
  }

  private get endMs(): number {
    return this.quietSinceMs + this.plan.settleMs;
  }
}

function run(flows: readonly Flow[]): void {
  const polled = new PollSet();
  for (const { receiver } of flows) if (receiver) polled.add(receiver.fd);
  try {
    for (let open = flows; open.length > 0; open = open.filter((flow) => !flow.isOver)) {
      for (const flow of open) flow.sendDue();
      const nextMs = Math.min(...open.map((flow) => flow.nextMs));
      if (polled.wait(Math.max(0, nextMs - monotonicMs())) > 0) for (const flow of flows) flow.receive();
    }
  } finally {
    for (const flow of flows) flow[Symbol.dispose]();
  }
}

/**
 * As a script, with one JSON line as its output. `traffic.js exchange PLANS.json` (TrafficPlan[]) prints the records of
 * each flow. `traffic.js send|receive --from ADDRESS[:PORT] --to ADDRESS:PORT [--netns PATH] [--count N] [--gap MS]
 * [--bytes N] [--settle MS]` is one side only: it prints the times of sending, or the arrivals.
 */
function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: 'string', default: '0.0.0.0' },
      to: { type: 'string', default: '0.0.0.0' },
      netns: { type: 'string', default: '/proc/self/ns/net' },
      count: { type: 'string', default: '1000' },
      gap: { type: 'string', default: '1' },
      bytes: { type: 'string', default: '214' },
      settle: { type: 'string', default: '500' },
    },
  });
  const [what, file] = positionals;
  runAheadOfOthers();
  const print = (result: unknown) => process.stdout.write(`${JSON.stringify(result)}\n`);
  if (what === 'exchange') {
    print(exchangeAll(JSON.parse(readFileSync(file ?? 0, 'utf8')) as TrafficPlan[]));
    return;
  }
  if (what !== 'send' && what !== 'receive') throw new Error('say exchange, send or receive');
  const end = (text: string): TrafficEnd => {
    const [address = '', port = '0'] = text.split(':');
    return { netnsPath: values.netns, address, port: Number(port) };
  };
  const plan: TrafficPlan = {
    from: end(values.from),
    to: end(values.to),
    count: Number(values.count),
    gapMs: Number(values.gap),
    frameBytes: Number(values.bytes),
    settleMs: Number(values.settle),
  };
  const flow = new Flow(plan, what);
  run([flow]);
  print(what === 'send' ? flow.sent : flow.arrivals);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
