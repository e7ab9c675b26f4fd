import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Impairment } from '../../../src/plan/impairment.js';
import { type DirectionState, clearDirection } from '../../../src/emulator/contract.js';
import { delayed, direction, impaired, lossy } from '../../fixtures/impairments.js';
import { ARP, IPV4, IPV6, type Step, arrivals, carry, evenly } from '../../fixtures/wire-carrier.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const chance = fc.option(fc.record({ share, correlation: share }));

const delay = fc
  .record({
    ms: fc.double({ min: 0, max: 100, noNaN: true }),
    jitterShare: share,
    distribution: fc.constantFrom(...(['uniform', 'normal', 'pareto', 'paretonormal'] as const), {
      name: 'own',
      table: [-1, 0, 2],
    }),
    correlation: share,
  })
  .map(({ jitterShare, ...delay }) => ({ ...delay, jitterMs: delay.ms * jitterShare }));

const impairment: fc.Arbitrary<Impairment> = fc.record({
  delay: fc.option(delay),
  loss: fc.option(
    fc.oneof(
      fc.record({ kind: fc.constant('random' as const), share, correlation: share }),
      fc.record({ kind: fc.constant('gilbert-elliott' as const), p: share, r: share, h: share, k: share }),
      fc
        .record({
          kind: fc.constant('four-state' as const),
          p13: share,
          p31: share,
          p32: share,
          p23: share,
          p14: share,
        })
        .map((states) => ({
          ...states,
          p14: states.p14 * (1 - states.p13),
          p32: states.p32 * (1 - states.p31),
        })),
      fc.record({ kind: fc.constant('pattern' as const), lose: fc.array(fc.boolean(), { minLength: 1 }) }),
    ),
  ),
  duplicate: chance,
  corrupt: fc.constant(null),
  reorder: fc.constant(null),
  rate: fc.option(
    fc.record({
      bitsPerS: fc.integer({ min: 1000, max: 1_000_000 }),
      burstBytes: fc.constantFrom(0, 3000),
      limitPackets: fc.option(fc.integer({ min: 1, max: 20 })),
      limitMs: fc.option(fc.integer({ min: 0, max: 200 })),
    }),
  ),
  slot: fc.option(fc.constant({ minMs: 5, maxMs: 10, packets: 3 })),
  mtuBytes: fc.option(fc.constantFrom(20, 1500)),
});

/** All that can be combined, the two things that change what arrives and in which order among them. */
const anything: fc.Arbitrary<Impairment> = fc
  .record({
    impairment,
    corrupt: chance,
    reorder: fc.option(fc.record({ share, correlation: share, gap: fc.integer({ min: 0, max: 4 }) })),
  })
  .map(({ impairment: rest, ...more }) => ({ ...rest, ...more }));

const state: fc.Arbitrary<DirectionState> = fc.record({
  rules: fc.array(
    fc.record({ match: fc.constantFrom({}, { protocol: 'arp' as const }), impairment: anything }),
    { maxLength: 2 },
  ),
  otherwise: anything,
  profile: fc.constantFrom(null, null, {
    kind: 'time' as const,
    name: 'profile',
    source: 'made up',
    steps: [
      { atMs: 0, impairment: impaired(delayed(20)) },
      {
        atMs: 30,
        impairment: impaired({ rate: { bitsPerS: 64_000, burstBytes: 0, limitPackets: null, limitMs: 100 } }),
      },
      {
        atMs: 60,
        impairment: impaired({ rate: { bitsPerS: 8000, burstBytes: 0, limitPackets: null, limitMs: 100 } }),
      },
    ],
    lengthMs: 100,
    end: 'loop' as const,
  }),
  cut: fc.constantFrom(null, null, null, 'blackhole' as const, 'reject' as const),
});

const steps = fc.array(
  fc.record({
    gapMs: fc.double({ min: 0, max: 30, noNaN: true }),
    etherType: fc.constantFrom(IPV4, ARP, IPV6),
    state: fc.option(state, { freq: 5 }),
  }),
  { maxLength: 150 },
);

describe('WireDirection', () => {
  it('decides the same with the same seed and traffic, whatever the state', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, traffic) =>
        assert.deepEqual(carry(seed, traffic), carry(seed, traffic)),
      ),
    );
  });

  it('decides otherwise with another seed', () => {
    const traffic = evenly(200, 1, direction(lossy(0.5)));
    assert.notDeepEqual(arrivals(carry(1, traffic).deliveries), arrivals(carry(2, traffic).deliveries));
  });

  it('accounts for every frame and every copy', () => {
    fc.assert(
      fc.property(fc.nat(), steps, fc.integer({ min: 1, max: 8 }), (seed, traffic, capacity) => {
        const { counters, deliveries } = carry(seed, traffic, capacity);
        const { received, duplicated, delivered, dropped, rejected, undeliverable } = counters;
        assert.equal(received, traffic.length);
        assert.equal(received + duplicated, delivered + dropped + rejected + undeliverable);
        assert.equal(delivered, deliveries.length);
        const { droppedByLoss, droppedByCut, droppedByRate, droppedByMtu, droppedByQueue } = counters;
        assert.equal(dropped, droppedByLoss + droppedByCut + droppedByRate + droppedByMtu + droppedByQueue);
      }),
    );
  });

  it('keeps the order under any impairment but reordering', () => {
    const one = fc.record({ otherwise: impairment, changed: impairment });
    fc.assert(
      fc.property(fc.nat(), steps, one, (seed, traffic, { otherwise, changed }) => {
        const inOne = traffic.map((step, index) => ({
          ...step,
          state: step.state ? { ...clearDirection, otherwise: index % 2 === 0 ? otherwise : changed } : null,
        }));
        const { deliveries } = carry(seed, inOne);
        for (const [index, delivery] of deliveries.entries()) {
          const before = deliveries[index - 1];
          if (before) assert.ok(delivery.frame >= before.frame, `${delivery.frame} after ${before.frame}`);
        }
      }),
    );
  });

  it('does nothing any more to what is sent after it was told to stop', () => {
    const gaps = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.nat(), anything, gaps, gaps, (seed, otherwise, during, after) => {
        const send = (state: DirectionState, gapsMs: number[]): Step[] =>
          gapsMs.map((gapMs, index) => ({ gapMs, state: index === 0 ? state : null }));
        const cleared = send(clearDirection, after);
        // Damage may have changed a number that was sent before.
        const told = { ...clearDirection, otherwise: { ...otherwise, corrupt: null } };
        const { deliveries } = carry(seed, [...send(told, during), ...cleared]);
        const sentAfter = arrivals(deliveries).filter((frame) => frame >= during.length);
        assert.deepEqual(
          sentAfter,
          cleared.map((_, index) => during.length + index),
        );
      }),
    );
  });

  it('decides about loss the same whatever the other impairments are', () => {
    fc.assert(
      fc.property(fc.nat(), share, impairment, (seed, lossShare, others) => {
        const lost = (otherwise: Impairment) => {
          const { deliveries } = carry(seed, evenly(100, 1000, { ...clearDirection, otherwise }));
          return new Set(arrivals(deliveries));
        };
        const quiet = { ...others, duplicate: null, rate: null, mtuBytes: null };
        assert.deepEqual(lost({ ...quiet, ...lossy(lossShare) }), lost(impaired(lossy(lossShare))));
      }),
    );
  });

  it('decides about IPv4 the same whatever else is on the link', () => {
    const state = direction({ ...lossy(0.5), ...delayed(10, 10) });
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.constantFrom(IPV4, ARP, IPV6), { maxLength: 100 }),
        (seed, etherTypes) => {
          const fates = (types: number[]) => {
            const traffic: Step[] = types.map((etherType, index) => ({
              gapMs: 100,
              etherType,
              state: index === 0 ? state : null,
            }));
            const delays = new Map(
              carry(seed, traffic).deliveries.map(({ frame, atMs, sentMs }) => [frame, atMs - sentMs]),
            );
            return types.flatMap((type, index) => (type === IPV4 ? [delays.get(index)?.toFixed(6)] : []));
          };
          assert.deepEqual(fates(etherTypes), fates(etherTypes.filter((type) => type === IPV4)));
        },
      ),
    );
  });

  it('lets nothing through a cut but ARP in reject mode', () => {
    const cuts = fc.constantFrom('blackhole' as const, 'reject' as const);
    fc.assert(
      fc.property(fc.nat(), steps, cuts, (seed, traffic, cut) => {
        const held: Step = { gapMs: 0, state: direction(delayed(10)) };
        const cutSteps = traffic.map((step) => ({ ...step, state: { ...direction(delayed(10)), cut } }));
        const { deliveries } = carry(seed, [held, ...cutSteps]);
        const expected = traffic.flatMap(({ etherType }, index) =>
          cut === 'reject' && etherType === ARP ? [index + 1] : [],
        );
        if (traffic.length === 0 || traffic[0]!.gapMs >= 10) expected.unshift(0);
        assert.deepEqual(arrivals(deliveries), expected);
      }),
    );
  });
});
