import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planCalls } from '../../../src/plan/calls.js';

describe('calls, for any flows', () => {
  const flows = fc.array(
    fc.record({
      // With four flows fewer in a minute than a caller has ports.
      ratePerS: fc.double({ min: 0.05, max: 20, noNaN: true }),
      from: fc.constantFrom('desk', 'carrier-a'),
      startMs: fc.integer({ min: 0, max: 400 }),
    }),
    { minLength: 1, maxLength: 4 },
  );

  it('come in order, at the rate, inside the traffic, with ports and ids of their own', () => {
    fc.assert(
      fc.property(
        flows,
        fc.integer({ min: 0, max: 60_000 }),
        fc.nat(2 ** 32 - 1),
        (some, trafficMs, seed) => {
          const planned = some.map((flow, index) => ({
            ...flow,
            name: `f${index}`,
            direction: 'outbound' as const,
            to: 'any-carrier',
            answers: 'carrier' as const,
            asksForDigits: false,
            emergency: false,
            subscriber: null,
            digits: null,
            dialled: '+1',
            callerNumber: '+1',
            proxy: { address: '198.18.1.1', port: 5060 },
            holdMs: 1000,
          }));
          const calls = planCalls(planned, trafficMs, seed);
          assert.equal(new Set(calls.map(({ sipCallId }) => sipCallId)).size, calls.length);
          assert.equal(
            new Set(calls.map(({ caller, callerMediaPort }) => `${caller} ${callerMediaPort}`)).size,
            calls.length,
          );
          for (const [index, call] of calls.entries()) {
            assert.ok(call.atMs >= (calls[index - 1]?.atMs ?? 0) && call.atMs <= trafficMs);
            assert.equal(call.callerMediaPort % 2, 0);
          }
          for (const { name, ratePerS, startMs } of planned) {
            const count = calls.filter(({ flow }) => flow === name).length;
            assert.ok(
              Math.abs(count - (Math.max(0, trafficMs - startMs) / 1000) * ratePerS) <= 1,
              `${count} calls of ${name}`,
            );
          }
        },
      ),
    );
  });
});
