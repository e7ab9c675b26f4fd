import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sleepMs } from '../../src/base/linux/clock.js';
import { runAheadOfOthers } from '../../src/base/linux/thread.js';
import { NamespaceUdpSocket } from '../../src/base/linux/udp-socket.js';
import { type Emulator, type LinkState, clearLink } from '../../src/emulator/contract.js';
import { startWire } from '../../src/emulator/wire.js';
import { delaysOf } from '../conformance/checks.js';
import { connectAddressed } from '../conformance/links.js';
import { exchangeApart } from '../conformance/traffic.js';
import { both, delayed, direction, impaired, lossy } from '../fixtures/impairments.js';
import { UdpEnd, sortedRoundTripsMs } from '../integration/emulator/udp-pair.js';
import { type ScratchNamespace, startScratchNamespace } from '../integration/scratch-namespace.js';
import type { BenchRow } from './row.js';

const run = promisify(execFile);

const ROUND_TRIPS = 3000;
const DELAY_MS = 40;
const PACED_PER_S = 10_000;
const RATES_PER_S = [40_000, 70_000, 105_000, 130_000, 160_000, 200_000];
/** Linux lets a thread that runs ahead of others have 950 ms of each second. */
const FLOOD_MS = 900;
const IDLE_LINKS = 500;
const IDLE_MS = 2000;
/** 20 ms of G.711. */
const RTP_PAYLOAD_BYTES = 172;
const RTP_FRAME_BYTES = 42 + RTP_PAYLOAD_BYTES;

/** Delay, and rules that every frame has to be held against. */
const busy: LinkState = both({
  ...direction({ ...delayed(DELAY_MS), ...lossy(0) }),
  rules: [
    { match: { sip: { method: 'INVITE', first: 3 } }, impairment: impaired(lossy(1)) },
    { match: { rtp: { ssrc: 1 }, destination: '198.19.0.0/16' }, impairment: impaired(lossy(1)) },
  ],
});

/**
 * Round trip, punctuality, throughput, memory and idle cost of the wire emulator, beside a bare veth pair in the same run.
 * Two cores at least are needed: one for the sender.
 */
export async function benchWire(): Promise<BenchRow[]> {
  runAheadOfOthers(); // what is measured is the emulator, not how busy the machine is with other things
  await using left = await startScratchNamespace();
  await using right = await startScratchNamespace();
  connectVeth(left, right);
  const bareIdle = idleShare();
  await using wire = await startWire({ seed: 1 });
  await connectAddressed(wire, 0, left, right);
  const veth = roundTrips(left, right, '198.19.0');
  const tap = roundTrips(left, right, '198.18.0');
  const bare = await deliveryMs(left, right, '198.19.0');
  await throughput(null, left, right); // warms up
  const beforeBareMb = residentMb();
  const barePerS = await throughput(null, left, right);
  const bareGrownMb = residentMb() - beforeBareMb;
  await connectAddressed(wire, 1, left, right);
  await wire.set('link-1', both(direction(delayed(DELAY_MS))));
  await deliveryMs(left, right, '198.18.1'); // warms up: compilation
  await wire.set('link-0', both(direction(delayed(DELAY_MS))));
  const errors = (await deliveryMs(left, right, '198.18.0')).map((tookMs) => Math.abs(tookMs - DELAY_MS));
  const { lateness } = await wire.counters('link-0');
  await wire.set('link-0', clearLink);
  const clearPerS = await throughput(wire, left, right);
  const beforeMb = residentMb();
  await wire.set('link-0', busy);
  const busyPerS = await throughput(wire, left, right);
  const grownMb = residentMb() - beforeMb;
  const againPerS = await throughput(wire, left, right);
  const grownMoreMb = residentMb() - beforeMb - grownMb;
  await wire.set('link-0', clearLink);
  for (let index = 2; index < IDLE_LINKS; index++) await connectIdle(wire, index, left, right);
  up(left);
  up(right);
  const idle = idleShare();
  const among = roundTrips(left, right, '198.18.0');
  const row = (name: string, value: number, unit: string, target: string): BenchRow => ({
    name: `wire: ${name}`,
    value,
    unit,
    target,
  });
  return [
    row('bare veth round trip p50, for comparison', veth.p50, 'ms', ''),
    row('bare veth round trip p99, for comparison', veth.p99, 'ms', ''),
    row('added round trip p50', tap.p50 - veth.p50, 'ms', '<= 0.3'),
    row('added round trip p99', tap.p99 - veth.p99, 'ms', '<= 1'),
    row(`added round trip p50 with ${IDLE_LINKS} links`, among.p50 - veth.p50, 'ms', '<= 0.3'),
    row(`bare veth delivery p99 at ${PACED_PER_S} packets/s, for comparison`, p99(bare), 'ms', ''),
    row(`delay error p99 at ${PACED_PER_S} packets/s`, p99(errors), 'ms', '<= 1'),
    row('of that by its own account', lateness?.p99Ms ?? NaN, 'ms', '<= 1'),
    row('bare veth throughput without loss, for comparison', barePerS, 'packets/s', ''),
    row('throughput without loss, clear', clearPerS, 'packets/s', '>= 100000'),
    row(
      `throughput without loss, ${DELAY_MS} ms and two rules`,
      Math.max(busyPerS, againPerS),
      'packets/s',
      '',
    ),
    row('memory taken by a bare veth, for comparison', bareGrownMb, 'MB', ''),
    row('memory taken by that', grownMb, 'MB', '<= 64'),
    row('memory taken by the same once more', grownMoreMb, 'MB', '<= 5'),
    row('idle processor share without a link, for comparison', bareIdle, 'of one core', ''),
    row(`idle processor share of ${IDLE_LINKS} links`, idle, 'of one core', '<= 0.05'),
  ];
}

function connectVeth(left: ScratchNamespace, right: ScratchNamespace): void {
  const pid = right.netnsPath.split('/')[2]!;
  left.run('ip', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth0', 'netns', pid);
  for (const [namespace, host] of [
    [left, 1],
    [right, 2],
  ] as const) {
    namespace.run('ip', 'address', 'add', `198.19.0.${host}/24`, 'dev', 'veth0');
    namespace.run('ip', 'link', 'set', 'veth0', 'up');
  }
}

async function connectIdle(wire: Emulator, index: number, left: ScratchNamespace, right: ScratchNamespace) {
  const bytes = index
    .toString(16)
    .padStart(4, '0')
    .replace(/(..)(..)/, '$1:$2');
  await wire.connect({
    name: `idle-${index}`,
    a: { netnsPath: left.netnsPath, interface: `idle${index}`, mac: `02:00:01:${bytes}:0a` },
    b: { netnsPath: right.netnsPath, interface: `idle${index}`, mac: `02:00:01:${bytes}:0b` },
  });
}

/** Group 0 is every interface that nobody put into another. */
const up = (namespace: ScratchNamespace) => namespace.run('ip', 'link', 'set', 'group', '0', 'up');

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.floor(share * (sorted.length - 1))]!;

const p99 = (values: readonly number[]) =>
  percentile(
    [...values].sort((one, other) => one - other),
    0.99,
  );

function roundTrips(left: ScratchNamespace, right: ScratchNamespace, network: string) {
  using a = new UdpEnd(left.netnsPath, `${network}.1`);
  using b = new UdpEnd(right.netnsPath, `${network}.2`);
  sortedRoundTripsMs(a, b, 200); // warms up: ARP, compilation
  const sorted = sortedRoundTripsMs(a, b, ROUND_TRIPS);
  if (sorted.length < ROUND_TRIPS) throw new Error(`${ROUND_TRIPS - sorted.length} round trips failed`);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

/** How long each packet took in the second of two seconds: in the first, code gets compiled. */
async function deliveryMs(
  left: ScratchNamespace,
  right: ScratchNamespace,
  network: string,
): Promise<number[]> {
  const [records = []] = await exchangeApart([
    {
      from: { netnsPath: left.netnsPath, address: `${network}.1`, port: 0 },
      to: { netnsPath: right.netnsPath, address: `${network}.2`, port: 0 },
      count: 2 * PACED_PER_S,
      gapMs: 1000 / PACED_PER_S,
      frameBytes: RTP_FRAME_BYTES,
      settleMs: 3 * DELAY_MS,
    },
  ]);
  return delaysOf(records.filter(({ seq }) => seq >= PACED_PER_S));
}

/**
 * The highest rate at which every packet came through the link, 0 if none: as sent, which may be less than was tried. They're
 * sent by another process and counted by the emulator and by the far interface, since a receiver would be the slowest of
 * all. Without an emulator it's the bare veth pair.
 */
async function throughput(
  wire: Emulator | null,
  left: ScratchNamespace,
  right: ScratchNamespace,
): Promise<number> {
  const [network, device] = wire ? ['198.18.0', 'c0'] : ['198.19.0', 'veth0'];
  using sink = NamespaceUdpSocket.open(right.netnsPath, `${network}.2`, 0);
  const script = fileURLToPath(new URL('./flood.js', import.meta.url));
  const to = `${network}.2:${sink.port}`;
  let best = 0;
  for (const perS of RATES_PER_S) {
    const before = packetsAt(right, device);
    const count = (perS * FLOOD_MS) / 1000;
    const flood = [script, left.netnsPath, `${network}.1`, to, perS, count, RTP_PAYLOAD_BYTES].map(String);
    const { stdout } = await run(process.execPath, flood);
    const { sent, tookMs } = JSON.parse(stdout) as { sent: number; tookMs: number };
    sleepMs(3 * DELAY_MS);
    const undeliverable = wire ? (await wire.counters('link-0')).aToB.undeliverable : 0;
    const arrived = packetsAt(right, device) - before;
    if (arrived < sent || (undeliverable ?? 0) > 0) break;
    best = Math.max(best, Math.round((sent * 1000) / tookMs));
  }
  return best;
}

/** Received by the far interface, ARP too: that would only add to it. */
function packetsAt(namespace: ScratchNamespace, interfaceName: string): number {
  const [device] = JSON.parse(namespace.run('ip', '-s', '-j', 'link', 'show', interfaceName)) as [
    { stats64: { rx: { packets: number } } },
  ];
  return device.stats64.rx.packets;
}

const residentMb = () => process.memoryUsage().rss / 2 ** 20;

/** Processor time of this process while its links are idle and the main thread sleeps. */
function idleShare(): number {
  const before = process.cpuUsage();
  sleepMs(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / IDLE_MS;
}
