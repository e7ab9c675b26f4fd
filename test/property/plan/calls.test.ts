import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planCalls } from '../../../src/plan/calls.js';
import type { PlannedCall, PlannedFlow } from '../../../src/plan/planned-flow.js';

/** Even ports of a caller, from 20000 to 29998. */
const PORTS = 5000;
/** A call is over for sure this long after its hold. */
const SET_UP_MS = 60_000;

interface Flow {
  ratePerS: number;
  from: string;
  startMs: number;
}

const planned = (flow: Flow, index: number, holdMs: number): PlannedFlow => ({
  ...flow,
  name: `f${index}`,
  direction: 'outbound',
  to: 'any-carrier',
  answers: 'carrier',
  asksForDigits: false,
  emergency: false,
  subscriber: null,
  digits: null,
  dialled: '+1',
  callerNumber: '+1',
  proxy: { address: '198.18.1.1', port: 5060 },
  holdMs,
});

/** Of calls with the same key, in order: each with the one that came `apart` calls before it. */
function pairsApart(
  calls: readonly PlannedCall[],
  apart: number,
  keyOf: (call: PlannedCall) => string,
): [PlannedCall, PlannedCall][] {
  const ofKey = new Map<string, PlannedCall[]>();
  return calls
    .toSorted((a, b) => a.atMs - b.atMs)
    .flatMap((call): [PlannedCall, PlannedCall][] => {
      const known = ofKey.get(keyOf(call)) ?? [];
      ofKey.set(keyOf(call), known);
      known.push(call);
      const earlier = known.at(-1 - apart);
      return earlier ? [[earlier, call]] : [];
    });
}

const mayOverlap = ([first, second]: [PlannedCall, PlannedCall]): boolean =>
  second.atMs < first.atMs + first.holdMs + SET_UP_MS;

function holdsFor(calls: readonly PlannedCall[], flows: readonly PlannedFlow[], trafficMs: number): void {
  assert.equal(new Set(calls.map(({ sipCallId }) => sipCallId)).size, calls.length);
  const samePort = pairsApart(calls, 1, ({ caller, callerMediaPort }) => `${caller} ${callerMediaPort}`);
  assert.deepEqual(samePort.filter(mayOverlap), []);
  for (const [index, call] of calls.entries()) {
    assert.ok(call.atMs >= (calls[index - 1]?.atMs ?? 0) && call.atMs <= trafficMs);
    assert.equal(call.callerMediaPort % 2, 0);
  }
  for (const { name, ratePerS, startMs } of flows) {
    const count = calls.filter(({ flow }) => flow === name).length;
    assert.ok(
      Math.abs(count - (Math.max(0, trafficMs - startMs) / 1000) * ratePerS) <= 1,
      `${count} calls of ${name}`,
    );
  }
}

describe('calls, for any flows', () => {
  const flows = fc.array(
    fc.record({
      ratePerS: fc.integer({ min: 5, max: 5000 }).map((hundredths) => hundredths / 100),
      from: fc.constantFrom('desk', 'carrier-a'),
      startMs: fc.integer({ min: 0, max: 400 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const fastest = { ratePerS: 50, from: 'desk', startMs: 0 };

  it('come in order, at the rate, inside the traffic, with ports and ids of their own, or are too many for a caller', () => {
    fc.assert(
      fc.property(
        flows,
        fc.integer({ min: 0, max: 68_000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.nat(2 ** 32 - 1),
        (some, trafficMs, holdMs, seed) => {
          const all = some.map((flow, index) => planned(flow, index, holdMs));
          // Not one of them alone has that many at once.
          const apart = all.flatMap((flow) => planCalls([flow], trafficMs, seed));
          if (pairsApart(apart, PORTS, ({ caller }) => caller).some(mayOverlap))
            assert.throws(() => planCalls(all, trafficMs, seed), { code: 'CALLS_TOO_MANY' });
          else holdsFor(planCalls(all, trafficMs, seed), all, trafficMs);
        },
      ),
      {
        examples: [
          // 5,000 calls; one more, within and after the time of the first.
          [[fastest, fastest], 50_000, 1000, 1],
          [[fastest, { ...fastest, startMs: 20 }], 50_020, 1000, 1],
          [[fastest, { ...fastest, ratePerS: 31.5 }], 62_000, 1000, 1],
        ],
      },
    );
  });
});
