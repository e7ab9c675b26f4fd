import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import { signalEvent } from '../../../src/base/linux/descriptors.js';
import {
  type DirectionState,
  type Emulator,
  clearDirection,
  clearLink,
} from '../../../src/emulator/contract.js';
import { startWire } from '../../../src/emulator/wire.js';
import { both, delayed, direction, lossy } from '../../fixtures/impairments.js';
import { type ScratchNamespace, startScratchNamespace } from '../scratch-namespace.js';
import { hasInterface, until } from './until.js';
import { UdpEnd, sortedRoundTripsMs, transfer } from './udp-pair.js';

const LINK = 'left--right';
const cutBy = (cut: DirectionState['cut']): DirectionState => ({ ...clearDirection, cut });

/** Bounds that a binomial count leaves in one case of 1000 (normal approximation, z = 3.29). */
function binomialInterval(trials: number, share: number): [number, number] {
  const spread = 3.29 * Math.sqrt(trials * share * (1 - share));
  return [trials * share - spread, trials * share + spread];
}

describe('wire emulator', () => {
  let left: ScratchNamespace;
  let right: ScratchNamespace;
  let wire: Emulator;
  let a: UdpEnd;
  let b: UdpEnd;

  const connect = (emulator: Emulator) =>
    emulator.connect({
      name: LINK,
      a: { netnsPath: left.netnsPath, interface: 'eth0', mac: '02:00:00:00:00:0a' },
      b: { netnsPath: right.netnsPath, interface: 'eth0', mac: '02:00:00:00:00:0b' },
    });

  /** Addresses, and no ARP where a test counts frames. */
  const configure = () => {
    for (const [namespace, address, peer, mac] of [
      [left, '198.18.0.1', '198.18.0.2', '02:00:00:00:00:0b'],
      [right, '198.18.0.2', '198.18.0.1', '02:00:00:00:00:0a'],
    ] as const) {
      namespace.run('ip', 'address', 'add', `${address}/24`, 'dev', 'eth0');
      namespace.run('ip', 'link', 'set', 'eth0', 'up');
      namespace.run('ip', 'neighbour', 'replace', peer, 'lladdr', mac, 'dev', 'eth0', 'nud', 'permanent');
    }
  };

  before(async () => {
    left = await startScratchNamespace();
    right = await startScratchNamespace();
  });

  after(async () => {
    await left[Symbol.asyncDispose]();
    await right[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    wire = await startWire({ seed: 7 });
    await connect(wire);
    configure();
    a = new UdpEnd(left.netnsPath, '198.18.0.1');
    b = new UdpEnd(right.netnsPath, '198.18.0.2');
  });

  afterEach(async () => {
    a[Symbol.dispose]();
    b[Symbol.dispose]();
    await wire[Symbol.asyncDispose]();
  });

  it('gives each interface its MAC', () => {
    assert.match(left.run('ip', 'link', 'show', 'eth0'), /link\/ether 02:00:00:00:00:0a/);
    assert.match(right.run('ip', 'link', 'show', 'eth0'), /link\/ether 02:00:00:00:00:0b/);
  });

  it('delays by what was asked for, in each direction', async () => {
    await wire.set(LINK, both(direction(delayed(40))));
    const trips = sortedRoundTripsMs(a, b, 15);
    assert.equal(trips.length, 15);
    assert.ok(trips[0]! >= 80, `shortest ${trips[0]} ms`);
    assert.ok(trips[7]! < 90, `median ${trips[7]} ms`);
    await wire.set(LINK, { ...clearLink, bToA: direction(delayed(40)) });
    const oneSided = sortedRoundTripsMs(a, b, 15);
    assert.ok(oneSided[0]! >= 40, `shortest ${oneSided[0]} ms`);
    assert.ok(oneSided[7]! < 50, `median ${oneSided[7]} ms`);
  });

  it('keeps the order under jitter and loses nothing', async () => {
    await wire.set(LINK, both(direction(delayed(10, 10))));
    assert.deepEqual(
      transfer(a, b, 500),
      Array.from({ length: 500 }, (_, value) => value),
    );
  });

  it('loses the share that was asked for, and counts it', async () => {
    const sent = 3000;
    assert.equal(transfer(a, b, sent).length, sent, 'control: nothing is lost without loss');
    const [least, most] = binomialInterval(sent, 0.2);
    await wire.set(LINK, { ...clearLink, aToB: direction(lossy(0.2)) });
    const lost = sent - transfer(a, b, sent).length;
    assert.ok(lost >= least && lost <= most, `${lost} of ${sent} lost, not ${least}–${most}`);
    const { aToB } = await wire.counters(LINK);
    assert.ok(aToB.droppedByLoss! >= lost);
    assert.equal(aToB.received, aToB.delivered + aToB.dropped);
    await wire.set(LINK, { ...clearLink, aToB: direction(lossy(0.25)) });
    const control = sent - transfer(a, b, sent).length;
    assert.ok(control > most, `control: ${control} lost of ${sent} at 25 % looks like 20 %`);
  });

  it('drops the same packets with the same seed, and others with another', async () => {
    const losing = { ...clearLink, aToB: direction(lossy(0.2)) };
    const run = async (seed: number) => {
      await wire[Symbol.asyncDispose]();
      wire = await startWire({ seed });
      await connect(wire);
      configure();
      await wire.set(LINK, losing);
      return transfer(a, b, 100);
    };
    const first = await run(11);
    assert.deepEqual(await run(11), first);
    assert.notDeepEqual(await run(12), first);
  });

  it('cuts one direction only, counts it, and heals', async () => {
    await wire.set(LINK, { ...clearLink, aToB: cutBy('blackhole') });
    a.send(1, b);
    b.send(2, a);
    assert.equal(a.receive(), 2);
    assert.equal(b.receive(100), null);
    const { aToB, bToA } = await wire.counters(LINK);
    assert.ok(aToB.droppedByCut! >= 1);
    assert.equal(bToA.droppedByCut, 0);
    await wire.set(LINK, clearLink);
    a.send(3, b);
    assert.equal(b.receive(), 3);
  });

  it('loses what is on its way when a cut begins', async () => {
    await wire.set(LINK, both(direction(delayed(200))));
    a.send(1, b);
    await wire.set(LINK, both(cutBy('blackhole')));
    await wire.set(LINK, clearLink);
    a.send(2, b);
    assert.equal(b.receive(), 2);
    assert.equal(b.receive(300), null);
  });

  it('takes the carrier away at both ends, and gives it back', async () => {
    const carrierLost = (namespace: ScratchNamespace) =>
      namespace.run('ip', 'link', 'show', 'eth0').includes('NO-CARRIER');
    assert.ok(!carrierLost(left) && !carrierLost(right));
    await wire.set(LINK, { ...clearLink, aToB: cutBy('carrier-down') });
    await until(() => carrierLost(left) && carrierLost(right));
    b.send(1, a);
    assert.equal(a.receive(100), null);
    await wire.set(LINK, clearLink);
    await until(() => !carrierLost(left) && !carrierLost(right));
    b.send(2, a);
    assert.equal(a.receive(), 2);
  });

  it('refuses UDP by ICMP and TCP by a reset, and lets ARP through', async () => {
    left.run('ip', 'neighbour', 'flush', 'dev', 'eth0', 'nud', 'permanent');
    const client = new UdpEnd(left.netnsPath, '198.18.0.1');
    client.socket.connect('198.18.0.2', b.socket.port);
    const connectTcp = () => left.run('socat', '-u', '/dev/null', 'TCP4:198.18.0.2:5060,connect-timeout=1');
    try {
      await wire.set(LINK, both(cutBy('blackhole')));
      client.send(1, b);
      assert.equal(client.receive(100), null, 'control: a black hole says nothing');
      left.run('ip', 'neighbour', 'replace', '198.18.0.2', 'lladdr', '02:00:00:00:00:0b', 'dev', 'eth0');
      assert.throws(connectTcp, /timed out/);
      left.run('ip', 'neighbour', 'flush', 'dev', 'eth0');
      await wire.set(LINK, { ...clearLink, aToB: cutBy('reject') });
      client.send(2, b);
      assert.throws(() => client.receive(), { code: 'ECONNREFUSED' });
      assert.throws(connectTcp, /Connection refused/);
      assert.equal(b.receive(100), null);
      const { aToB } = await wire.counters(LINK);
      assert.ok(aToB.rejected! >= 2);
    } finally {
      client[Symbol.dispose]();
    }
  });

  it('says why a link cannot be made, and leaves no interface', async () => {
    const spec = (name: string, b: string) => ({
      name,
      a: { netnsPath: left.netnsPath, interface: 'extra0', mac: '02:00:00:00:00:0c' },
      b: { netnsPath: b, interface: 'extra0', mac: '02:00:00:00:00:0d' },
    });
    await assert.rejects(wire.connect(spec('to-nowhere', '/proc/0/ns/net')), {
      code: 'LINK_FAILED',
      message: /to-nowhere: open: ENOENT \(\/proc\/0\/ns\/net\)/,
    });
    assert.doesNotMatch(left.run('ip', 'link'), /extra0/);
    await assert.rejects(wire.connect(spec(LINK, right.netnsPath)), /already/);
    await assert.rejects(wire.set('nowhere', clearLink), /no link nowhere/);
    await assert.rejects(wire.set(LINK, both(direction(lossy(20)))), RangeError);
    await assert.rejects(wire.set(LINK, both(direction(delayed(5, 6)))), RangeError);
  });

  it('counts frames that the far end could not take', async () => {
    right.run('ip', 'link', 'set', 'eth0', 'down');
    a.send(1, b);
    let undeliverable: number | null = 0;
    while (undeliverable === 0) ({ undeliverable } = (await wire.counters(LINK)).aToB);
    assert.equal(undeliverable, 1);
  });

  it('tells when an interface was taken away, and disposes nonetheless', async () => {
    const failed = new Promise<Error>((resolve) => wire.onFailure(resolve));
    left.run('ip', 'link', 'delete', 'eth0');
    assert.match((await failed).message, /removed eth0 of link left--right/);
    await assert.rejects(wire.set(LINK, clearLink), { code: 'WIRE_INTERFACE_GONE' });
    let late: Error | undefined;
    wire.onFailure((error) => (late = error));
    assert.equal(late, await failed);
  });

  it('tells when its worker died', async () => {
    const failed = new Promise<Error>((resolve) => wire.onFailure(resolve));
    const { worker, wakeFd } = wire as unknown as { worker: Worker; wakeFd: number };
    const terminated = worker.terminate();
    signalEvent(wakeFd);
    await terminated;
    assert.match((await failed).message, /ended by itself/);
    await assert.rejects(wire.counters(LINK), { code: 'WIRE_FAILED' });
    assert.ok(!hasInterface(left) && !hasInterface(right));
  });

  it('leaves no interface after it was disposed of, even twice', async () => {
    assert.ok(hasInterface(left) && hasInterface(right));
    wire.onFailure(() => assert.fail('being disposed of is no failure'));
    await Promise.all([wire[Symbol.asyncDispose](), wire[Symbol.asyncDispose]()]);
    assert.ok(!hasInterface(left) && !hasInterface(right));
    await assert.rejects(wire.set(LINK, clearLink), /disposed of/);
  });
});
