import { monotonicMs, sleepMs } from '../../src/base/linux/clock.js';
import { PollSet } from '../../src/base/linux/poll-set.js';
import { NamespaceUdpSocket } from '../../src/base/linux/udp-socket.js';
import { type Emulator, clearLink } from '../../src/emulator/contract.js';
import { startWire } from '../../src/emulator/wire.js';
import { type ScratchNamespace, startScratchNamespace } from '../integration/scratch-namespace.js';
import { UdpEnd, sortedRoundTripsMs } from '../integration/emulator/udp-pair.js';
import type { BenchRow } from './row.js';

const ROUND_TRIPS = 3000;
const DELAY_MS = 40;
const PACED_PER_S = 10_000;
const RATES_PER_S = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000];
const RATE_MS = 500;
const IDLE_MS = 2000;
const RTP_BYTES = 172;

/** Round trip, punctuality, throughput and idle cost of the wire emulator, beside a bare veth pair in the same run. */
export async function benchWire(): Promise<BenchRow[]> {
  await using left = await startScratchNamespace();
  await using right = await startScratchNamespace();
  await using wire = await startWire({ seed: 1 });
  const pid = right.netnsPath.split('/')[2]!;
  left.run('ip', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth0', 'netns', pid);
  await wire.connect({
    name: 'wire',
    a: { netnsPath: left.netnsPath, interface: 'tap0', mac: '02:00:00:00:00:0a' },
    b: { netnsPath: right.netnsPath, interface: 'tap0', mac: '02:00:00:00:00:0b' },
  });
  for (const [namespace, host] of [
    [left, 1],
    [right, 2],
  ] as const) {
    configure(namespace, 'veth0', `198.18.1.${host}/24`);
    configure(namespace, 'tap0', `198.18.2.${host}/24`);
  }
  const veth = roundTrips(left, right, '198.18.1');
  const tap = roundTrips(left, right, '198.18.2');
  const row = (name: string, value: number, unit: string, target: string): BenchRow => ({
    name: `wire: ${name}`,
    value,
    unit,
    target,
  });
  return [
    row('bare veth round trip p50, for comparison', veth.p50, 'ms', ''),
    row('added round trip p50', tap.p50 - veth.p50, 'ms', '<= 0.2'),
    row('added round trip p99', tap.p99 - veth.p99, 'ms', '<= 0.5'),
    row(`delay error p99 at ${PACED_PER_S} packets/s`, await delayErrorMs(wire, left, right), 'ms', '<= 1'),
    row('throughput without loss', await throughput(wire, left, right), 'packets/s', '>= 40000'),
    row('idle processor share', idleShare(), 'of one core', '<= 0.005'),
  ];
}

function configure(namespace: ScratchNamespace, device: string, address: string): void {
  namespace.run('ip', 'address', 'add', address, 'dev', device);
  namespace.run('ip', 'link', 'set', device, 'up');
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.floor(share * (sorted.length - 1))]!;

function roundTrips(left: ScratchNamespace, right: ScratchNamespace, network: string) {
  using a = new UdpEnd(left.netnsPath, `${network}.1`);
  using b = new UdpEnd(right.netnsPath, `${network}.2`);
  sortedRoundTripsMs(a, b, 200); // warms up: ARP, compilation
  const sorted = sortedRoundTripsMs(a, b, ROUND_TRIPS);
  if (sorted.length < ROUND_TRIPS) throw new Error(`${ROUND_TRIPS - sorted.length} round trips failed`);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

/** Sends stamped packets at a steady rate; returns the transit time of each that arrived. */
function stream(left: ScratchNamespace, right: ScratchNamespace, perS: number, forMs: number): number[] {
  using from = NamespaceUdpSocket.open(left.netnsPath, '198.18.2.1', 0);
  using to = NamespaceUdpSocket.open(right.netnsPath, '198.18.2.2', 0);
  const polled = new PollSet();
  polled.add(to.fd);
  const data = Buffer.alloc(RTP_BYTES);
  const transitMs: number[] = [];
  const count = (perS * forMs) / 1000;
  const startMs = monotonicMs();
  let sent = 0;
  let quietSinceMs = startMs;
  while (sent < count || monotonicMs() - quietSinceMs < 3 * DELAY_MS) {
    for (
      let burst = 0;
      sent < count && burst < 16 && startMs + (sent * 1000) / perS <= monotonicMs();
      burst++
    ) {
      data.writeDoubleLE(monotonicMs());
      from.send(data, '198.18.2.2', to.port);
      sent++;
    }
    const untilNextMs = sent < count ? startMs + (sent * 1000) / perS - monotonicMs() : DELAY_MS;
    if (polled.wait(untilNextMs) === 0) continue;
    for (let got = to.receive(); got; got = to.receive()) {
      quietSinceMs = monotonicMs();
      transitMs.push(quietSinceMs - got.data.readDoubleLE());
    }
  }
  return transitMs;
}

async function delayErrorMs(
  wire: Emulator,
  left: ScratchNamespace,
  right: ScratchNamespace,
): Promise<number> {
  const delayed = { delayMs: DELAY_MS, jitterMs: 0, lossShare: 0, cut: null };
  await wire.set('wire', { aToB: delayed, bToA: delayed });
  const errors = stream(left, right, PACED_PER_S, 1000).map((transit) => Math.abs(transit - DELAY_MS));
  await wire.set('wire', clearLink);
  return percentile(
    errors.sort((one, other) => one - other),
    0.99,
  );
}

/** The highest of the tried rates at which every packet arrived, 0 if none. */
async function throughput(wire: Emulator, left: ScratchNamespace, right: ScratchNamespace): Promise<number> {
  await wire.set('wire', clearLink);
  let best = 0;
  for (const perS of RATES_PER_S) {
    if (stream(left, right, perS, RATE_MS).length < (perS * RATE_MS) / 1000) break;
    best = perS;
  }
  return best;
}

/** Processor time of this process while its links are idle and the main thread sleeps. */
function idleShare(): number {
  const before = process.cpuUsage();
  sleepMs(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / IDLE_MS;
}
