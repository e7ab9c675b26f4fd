import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DirectionState } from '../../../src/emulator/contract.js';
import { FramePool } from '../../../src/emulator/frame-pool.js';
import { Fate, WireDirection } from '../../../src/emulator/wire-direction.js';

const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;

interface Step {
  gapMs: number;
  etherType: number;
  state: DirectionState | null;
}

const state: fc.Arbitrary<DirectionState> = fc
  .record({
    delayMs: fc.double({ min: 0, max: 100, noNaN: true }),
    jitterShare: fc.double({ min: 0, max: 1, noNaN: true }),
    lossShare: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.constantFrom(null, null, null, 'blackhole' as const, 'reject' as const),
  })
  .map(({ delayMs, jitterShare, lossShare, cut }) => ({
    delayMs,
    jitterMs: delayMs * jitterShare,
    lossShare,
    cut,
  }));

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    gapMs: fc.double({ min: 0, max: 30, noNaN: true }),
    etherType: fc.constantFrom(IPV4, ARP, IPV6),
    state: fc.option(state, { freq: 5 }),
  }),
  { maxLength: 200 },
);

interface Delivery {
  frame: number;
  atMs: number;
  sentMs: number;
}

/** Sends numbered frames through a direction as the loop would, and delivers those that are due in between. */
function carry(seed: number, traffic: Step[], capacity = 64) {
  const pool = new FramePool(capacity);
  const direction = new WireDirection(pool, seed, 'left--right/a-to-b');
  const sentMs: number[] = [];
  const fates: Fate[] = [];
  const deliveries: Delivery[] = [];
  let nowMs = 0;
  const deliverDue = (untilMs: number) => {
    while (pool.firstDueMs(direction.queue) <= untilMs) {
      const frame = pool.firstFrame(direction.queue).readUInt32BE(14);
      deliveries.push({ frame, atMs: pool.firstDueMs(direction.queue), sentMs: sentMs[frame]! });
      pool.release(direction.queue);
      direction.counters.delivered++;
    }
  };
  for (const [number, { gapMs, etherType, state }] of traffic.entries()) {
    nowMs += gapMs;
    deliverDue(nowMs);
    if (state) direction.apply(state);
    pool.spare.writeUInt16BE(etherType, 12);
    pool.spare.writeUInt32BE(number, 14);
    sentMs.push(nowMs);
    const fate = direction.admit(pool.spare, 60, nowMs);
    fates.push(fate);
    if (fate === Fate.reject) direction.counters.rejected++;
    if (fate !== Fate.deliver) continue;
    deliveries.push({ frame: number, atMs: nowMs, sentMs: nowMs });
    direction.counters.delivered++;
  }
  deliverDue(Number.MAX_VALUE);
  return { fates, deliveries, counters: direction.counters };
}

describe('WireDirection', () => {
  it('decides the same with the same seed and traffic', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, traffic) => {
        assert.deepEqual(carry(seed, traffic), carry(seed, traffic));
      }),
    );
  });

  it('decides otherwise with another seed', () => {
    const lossy = { delayMs: 0, jitterMs: 0, lossShare: 0.5, cut: null };
    const traffic = Array.from({ length: 200 }, () => ({ gapMs: 1, etherType: IPV4, state: lossy }));
    assert.notDeepEqual(carry(1, traffic).fates, carry(2, traffic).fates);
  });

  it('keeps the order, and never delivers earlier than delay less jitter', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, traffic) => {
        const { deliveries } = carry(seed, traffic);
        for (const [index, delivery] of deliveries.entries()) {
          const before = deliveries[index - 1];
          if (before) assert.ok(delivery.frame > before.frame && delivery.atMs >= before.atMs);
          const inForce = traffic.slice(0, delivery.frame + 1).findLast((step) => step.state !== null)?.state;
          const leastMs = (inForce?.delayMs ?? 0) - (inForce?.jitterMs ?? 0);
          assert.ok(delivery.atMs - delivery.sentMs >= leastMs - 1e-9);
        }
      }),
    );
  });

  it('accounts for every frame', () => {
    fc.assert(
      fc.property(fc.nat(), steps, fc.nat({ max: 8 }), (seed, traffic, capacity) => {
        const { received, ...ends } = carry(seed, traffic, capacity).counters;
        assert.equal(received, traffic.length);
        assert.equal(
          Object.values(ends).reduce((sum, count) => sum + count, 0),
          received,
        );
      }),
    );
  });

  it('decides about IPv4 the same whatever else is on the link', () => {
    const lossy = { delayMs: 0, jitterMs: 0, lossShare: 0.5, cut: null };
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.constantFrom(IPV4, ARP, IPV6), { maxLength: 100 }),
        (seed, etherTypes) => {
          const traffic = etherTypes.map((etherType) => ({ gapMs: 1, etherType, state: lossy }));
          const pure = traffic.filter(({ etherType }) => etherType === IPV4);
          const mixed = carry(seed, traffic).fates.filter((_, index) => etherTypes[index] === IPV4);
          assert.deepEqual(mixed, carry(seed, pure).fates);
        },
      ),
    );
  });

  it('lets nothing through a cut but ARP in reject mode', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        steps,
        fc.constantFrom('blackhole' as const, 'reject' as const),
        (seed, traffic, cut) => {
          const open = { delayMs: 10, jitterMs: 0, lossShare: 0, cut: null };
          const held = { gapMs: 0, etherType: IPV4, state: open };
          const cutStep = (step: Step) => ({ ...step, state: { ...open, cut } });
          const { deliveries } = carry(seed, [held, ...traffic.map(cutStep)]);
          const arpFrames = traffic.flatMap(({ etherType }, index) => (etherType === ARP ? [index + 1] : []));
          if (traffic.length === 0 || traffic[0]!.gapMs >= 10) arpFrames.unshift(0);
          assert.deepEqual(
            deliveries.map(({ frame }) => frame),
            cut === 'reject' ? arpFrames : arpFrames.filter((frame) => frame === 0),
          );
        },
      ),
    );
  });
});
