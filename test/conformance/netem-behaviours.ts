import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type DialState, NamespaceTcpSocket } from '../../src/base/linux/tcp-socket.js';
import { clearDirection, clearLink } from '../../src/emulator/contract.js';
import type { Impairment } from '../../src/plan/impairment.js';
import { UdpEnd } from '../integration/emulator/udp-pair.js';
import { delayed, impaired, lossy } from '../fixtures/impairments.js';
import type { ScratchNamespace } from '../integration/scratch-namespace.js';
import { type PacketRecord, delaysOf } from './checks.js';
import type { Observed } from './netem-outcome.js';
import { ownership } from './netem-ownership.js';
import { proofs } from './netem-proofs.js';
import { type Stand, knowNeighbour } from './netem-stand.js';

const LOST = impaired(lossy(1));
const after = (ms: number): Impairment => impaired(delayed(ms));
const carrierLost = (space: ScratchNamespace) =>
  space.run('ip', 'link', 'show', 'eth0').includes('NO-CARRIER');

/** What isn't about chance: each does something to a clear link, left to right, and tells what it saw. */
export const netemBehaviours: Record<string, (stand: Stand) => Promise<Observed>> = {
  rules,
  blackhole,
  reject,
  carrier,
  trace,
  segments,
  proofs,
  ...ownership,
};

/** Whether three packets to each port arrive under rules that must match in all they name. */
async function rules(stand: Stand): Promise<Observed> {
  const few = { count: 3, gapMs: 1, frameBytes: 100, settleMs: 100 };
  await stand.set({
    rules: [
      {
        match: { protocol: 'udp', destinationPort: [5000, 5009], source: '198.18.0.0/24' },
        impairment: LOST,
      },
      { match: { protocol: 'udp', destinationPort: 5010, destination: '198.18.0.9' }, impairment: LOST },
      { match: { sourcePort: 4100, dscp: 0 }, impairment: LOST },
      { match: { sourcePort: 4101, dscp: 46 }, impairment: LOST },
      { match: { protocol: 'tcp', destinationPort: 5011 }, impairment: LOST },
    ],
  });
  const arrived = (fromPort: number, toPort: number) =>
    stand.exchange(few, fromPort, toPort).filter(({ receivedMs }) => receivedMs !== null).length;
  return {
    inRange: arrived(4000, 5009),
    beyondRange: arrived(4000, 5012),
    otherDestination: arrived(4000, 5010),
    portAndDscp: arrived(4100, 5012),
    otherDscp: arrived(4101, 5012),
    otherProtocol: arrived(4000, 5011),
    matched: (await stand.counters()).aToB.matched,
  };
}

/** One packet under way when the cut begins, one during it each way, one after it. */
async function blackhole(stand: Stand): Promise<Observed> {
  using a = new UdpEnd(stand.left.netnsPath, '198.18.0.1');
  using b = new UdpEnd(stand.right.netnsPath, '198.18.0.2');
  const { aToB: before } = await stand.counters();
  await stand.set({ otherwise: after(60_000) });
  a.send(1, b);
  await stand.set({ otherwise: after(10), cut: 'blackhole' });
  a.send(2, b);
  b.send(3, a);
  const back = a.receive();
  const during = b.receive(200);
  await stand.set({ otherwise: after(10) });
  a.send(4, b);
  const afterwards = [b.receive(), b.receive(200)];
  const { aToB } = await stand.counters();
  return {
    back,
    during,
    after: afterwards,
    received: aToB.received - before.received,
    delivered: aToB.delivered - before.delivered,
    droppedByCut: aToB.droppedByCut! - before.droppedByCut!,
  };
}

/** A refused packet, and ARP, which gets through; as a control, a black hole, which says nothing. */
async function reject(stand: Stand): Promise<Observed> {
  using a = new UdpEnd(stand.left.netnsPath, '198.18.0.1');
  using b = new UdpEnd(stand.right.netnsPath, '198.18.0.2');
  a.socket.connect('198.18.0.2', b.socket.port);
  await stand.set({ cut: 'blackhole' });
  a.send(1, b);
  const silence = a.receive(300);
  await stand.setLink({
    aToB: { ...clearDirection, cut: 'reject' },
    bToA: { ...clearDirection, otherwise: after(60_000) },
  });
  a.send(2, b);
  let refused = '';
  try {
    a.receive(3000);
  } catch (error) {
    refused = (error as { code: string }).code;
  }
  const arrived = b.receive(100);
  const { aToB } = await stand.counters();
  await stand.set({ cut: 'blackhole' });
  const unheard = await dialled(stand);
  await stand.set({ cut: 'reject' });
  const reset = await dialled(stand);
  const mac = /link\/ether (\S+)/.exec(stand.right.run('ip', 'link', 'show', 'eth0'))![1]!;
  stand.left.run('ip', ...`neighbour replace 198.18.0.2 dev eth0 nud probe lladdr ${mac}`.split(' '));
  for (let tries = 0; tries < 100 && !/REACHABLE/.test(neighbours(stand.left)); tries++) await delay(20);
  const neighbour = neighbours(stand.left);
  knowNeighbour(stand.left, '198.18.0.2', mac, 'eth0');
  return {
    silence,
    refused,
    arrived,
    rejected: aToB.rejected,
    tcp: [unheard, reset],
    resolved: /REACHABLE/.test(neighbour),
  };
}

/** How far a TCP connection comes to somebody who listens, as soon as that is decided, or after half a second. */
async function dialled({ left, right }: Stand): Promise<DialState> {
  using listener = NamespaceTcpSocket.open(right.netnsPath, '198.18.0.2');
  using dial = NamespaceTcpSocket.open(left.netnsPath, '198.18.0.1');
  listener.listen();
  const look = () => dial.dial('198.18.0.2', listener.port);
  for (let tries = 0; tries < 25 && look() === 'pending'; tries++) await delay(20);
  return look();
}

const neighbours = (space: ScratchNamespace) => space.run('ip', 'neighbour', 'show', '198.18.0.2');

async function carrier(stand: Stand): Promise<Observed> {
  const lost = () => [carrierLost(stand.left), carrierLost(stand.right)];
  const before = lost();
  await stand.set({ cut: 'carrier-down' });
  const during = lost();
  await stand.setLink(clearLink);
  using a = new UdpEnd(stand.left.netnsPath, '198.18.0.1');
  using b = new UdpEnd(stand.right.netnsPath, '198.18.0.2');
  let back: number | null = null;
  for (let tries = 0; tries < 20 && back === null; tries++) {
    a.send(7, b);
    back = b.receive(100);
  }
  return { before, during, after: lost(), back };
}

/** Delays under a trace that goes between 20 and 80 ms every half second; the traffic has a process of its own. */
async function trace(stand: Stand): Promise<Observed> {
  await stand.set({
    profile: {
      kind: 'time',
      name: 'two-steps',
      source: 'this test',
      end: 'loop',
      steps: [
        { atMs: 0, impairment: after(20) },
        { atMs: 500, impairment: after(80) },
      ],
      lengthMs: 1000,
    },
  });
  const plan = { count: 400, gapMs: 10, frameBytes: 214, settleMs: 300, from: stand.from(), to: stand.to() };
  const folder = await mkdtemp(join(process.cwd(), 'trace-'));
  const file = join(folder, 'plans.json');
  await writeFile(file, JSON.stringify([plan]));
  const script = fileURLToPath(new URL('traffic.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'exchange', file]);
  await rm(folder, { recursive: true });
  const delays = delaysOf((JSON.parse(stdout) as PacketRecord[][])[0]!);
  const near = (ms: number) => delays.filter((each) => each >= ms && each < ms + 25).length / delays.length;
  return { low: near(20), high: near(80) };
}

/** Frames that carry 200 KB over TCP: each a segment of its own, so that it can be lost on its own. */
async function segments(stand: Stand): Promise<Observed> {
  const { aToB: before } = await stand.counters();
  const inside = ({ netnsPath }: ScratchNamespace, ...command: string[]) =>
    spawn('nsenter', [`--net=${netnsPath}`, ...command], { stdio: 'ignore' });
  const server = inside(stand.right, 'socat', '-u', 'TCP4-LISTEN:7000', 'OPEN:/dev/null');
  const served = once(server, 'exit');
  const client = inside(
    stand.left,
    ...['socat', '-u', 'SYSTEM:head -c 200000 /dev/zero', 'TCP4:198.18.0.2:7000,retry=50,interval=0.1'],
  );
  await once(client, 'exit');
  await served;
  const { aToB } = await stand.counters();
  return { frames: aToB.received - before.received };
}
