import assert from 'node:assert/strict';
import {
  clearDirection,
  clearLink,
  type DirectionState,
  type LinkState,
} from '../../../src/emulator/contract.js';
import { whyAgain } from '../../../src/faults/observe.js';
import { proveState, type Observation } from '../../../src/faults/proof.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { Match } from '../../../src/plan/impairment.js';
import type { PlannedLink } from '../../../src/plan/planned-lab.js';
import type { ProbeSeries } from '../../../src/runfolder/journal.js';
import type { ImpairmentFields } from '../../../src/scenario/schema-impair.js';
import { probeSeries } from '../../fixtures/result-parts.js';

const link: PlannedLink = {
  name: 'sbc--carrier-a',
  a: { node: 'sbc', interface: 'carrier-a' },
  b: { node: 'carrier-a', interface: 'sbc' },
  impaired: true,
};
const series = (from: string, overrides: Partial<ProbeSeries> = {}): ProbeSeries =>
  probeSeries({ link: link.name, from, delayMs: 0.2, ...overrides });
const control = [series('desk', { link: 'desk--lan' })];
const base: Observation = {
  emulator: 'wire',
  link,
  state: clearLink,
  impaired: [],
  control,
  bursts: [],
  carriers: [
    { node: 'sbc', carrier: 1 },
    { node: 'carrier-a', carrier: 1 },
  ],
  dials: [],
  unprobed: [],
  counted: [],
  lostByEmulator: new Map(),
  declared: [],
};
const direction = (fields: ImpairmentFields, rules: DirectionState['rules'] = []): DirectionState => ({
  ...clearDirection,
  otherwise: impairmentOf(fields),
  rules,
});
/** The state of packets from the SBC; the way back is clear, and its probes get through. */
const outbound = (aToB: DirectionState): LinkState => ({ aToB, bToA: clearDirection });
const proof = (aToB: DirectionState, ...impaired: ProbeSeries[]) =>
  proveState({ ...base, state: outbound(aToB), impaired: [...impaired, series('carrier-a')] });
const holds = (aToB: DirectionState, ...impaired: ProbeSeries[]) => proof(aToB, ...impaired).holds;
const cut: DirectionState = { ...clearDirection, cut: 'blackhole' };

describe('proof of a fault', () => {
  it('believes a cut that no probe crossed, and no other', () => {
    assert.equal(holds(cut, series('sbc', { received: 0 })), true);
    assert.equal(holds(cut, series('sbc', { received: 1 })), false);
    assert.equal(holds(clearDirection, series('sbc', { received: 0 })), false);
  });

  it('looks at each direction apart', () => {
    const both = (a: number, b: number) =>
      proveState({
        ...base,
        state: outbound(cut),
        impaired: [series('sbc', { received: a }), series('carrier-a', { received: b })],
      });
    assert.equal(both(0, 10).holds, true);
    assert.equal(both(10, 0).holds, false);
  });

  it('finds loss, copies and delay on a link that should be clear', () => {
    assert.equal(holds(clearDirection, series('sbc')), true);
    assert.equal(holds(clearDirection, series('sbc', { received: 9 })), false);
    assert.equal(holds(clearDirection, series('sbc', { duplicates: 1 })), false);
    assert.equal(holds(clearDirection, series('sbc', { delayMs: 21 })), false);
  });

  it('holds loss to its confidence interval, both ways', () => {
    const lossy = direction({ loss: { random: 0.1 } });
    assert.equal(holds(lossy, series('sbc', { sent: 300, received: 268 })), true);
    assert.equal(holds(lossy, series('sbc', { sent: 300, received: 300 })), false);
    assert.equal(holds(lossy, series('sbc', { sent: 300, received: 180 })), false);
    assert.equal(holds(lossy, series('sbc', { sent: 300, received: 0 })), false);
  });

  it('does not take none for a small share, unless the emulator counted some', () => {
    const lossy = direction({ loss: { random: 0.005 } });
    const none = series('sbc', { sent: 300, received: 300 });
    assert.equal(holds(lossy, none), false);
    const state = outbound(lossy);
    const counted = proveState({ ...base, state, impaired: [none], lostByEmulator: new Map([['sbc', 3]]) });
    assert.equal(counted.holds, true);
  });

  it('gives loss in bursts the width that bursts need', () => {
    // 40 of 1000 instead of 100: no chance among independent packets, quite usual with bursts of 20.
    const lost40 = series('sbc', { sent: 1000, received: 960 });
    assert.equal(holds(direction({ loss: { random: 0.1 } }), lost40), false);
    assert.equal(holds(direction({ loss: { burst: { rate: 0.1, length: 20 } } }), lost40), true);
  });

  it('knows that correlated draws come true more rarely, as netem has it', () => {
    const lossy = direction({ loss: { random: 0.1, correlation: 0.25 } });
    assert.equal(holds(lossy, series('sbc', { sent: 4000, received: 4000 - 400 })), false);
    const requested = proof(lossy, series('sbc')).figures[0]?.requested[1] ?? NaN;
    assert.ok(requested > 0.015 && requested < 0.02, String(requested));
  });

  it('holds the delay, with the lateness of the prober itself', () => {
    const slow = direction({ delay: 80 });
    const at = (delayMs: number) => series('sbc', { delayMs });
    assert.equal(holds(slow, at(81)), true);
    assert.equal(holds(slow, at(1)), false);
    assert.equal(holds(slow, at(78)), false);
    assert.equal(holds(slow, at(130)), false);
    const late = (p99: number) =>
      proveState({
        ...base,
        state: outbound(slow),
        impaired: [at(92)],
        control: [series('desk', { delayP99Ms: p99 })],
      }).holds;
    assert.deepEqual([late(3), late(14), late(400)], [false, true, true]);
  });

  it('leaves room above for jitter that keeps the order, and none below', () => {
    const jittery = direction({ delay: 60, jitter: 20 });
    assert.equal(holds(jittery, series('sbc', { delayMs: 75 })), true);
    assert.equal(holds(jittery, series('sbc', { delayMs: 30 })), false);
  });

  it('counts copies, overtaking and packets that are too long', () => {
    const copied = direction({ duplicate: { share: 0.1 } });
    const hundred = { sent: 300, received: 300 };
    assert.equal(holds(copied, series('sbc', { ...hundred, duplicates: 31 })), true);
    assert.equal(holds(copied, series('sbc', { ...hundred, duplicates: 0 })), false);
    assert.equal(holds(copied, series('sbc', { ...hundred, duplicates: 120 })), false);
    const reordered = direction({ delay: 40, reorder: { share: 0.25 } });
    const seen = (atOnce: number) => series('sbc', { ...hundred, delayMs: 40, atOnce });
    assert.equal(holds(reordered, seen(75)), true);
    assert.equal(holds(reordered, seen(0)), false);
    assert.equal(holds(reordered, seen(220)), false);
    const narrow = direction({ mtu: 1400 });
    const long = (received: number) => series('sbc', { kind: 'too-long', received });
    assert.equal(holds(narrow, series('sbc'), long(0)), true);
    assert.equal(holds(narrow, series('sbc'), long(10)), false);
  });

  it('takes damaged probes for missing, as receivers do', () => {
    const damaging = direction({ corrupt: { share: 0.1 } });
    assert.equal(holds(damaging, series('sbc', { sent: 300, received: 272 })), true);
    assert.equal(holds(damaging, series('sbc', { sent: 300, received: 300 })), false);
  });

  it('holds a rate to what a burst passed', () => {
    const unbounded = {
      lengthMs: 500,
      idleMs: 0,
      frameBits: 1712,
      arrived: 50,
      others: 0,
      spanMs: 400,
      fullWaitMs: 200,
    };
    const slow = direction({ rate: 512_000 });
    const burst = (low: number, high: number) =>
      proveState({
        ...base,
        state: outbound(slow),
        impaired: [series('sbc')],
        bursts: [
          {
            link: link.name,
            from: 'sbc',
            rule: null,
            sent: 100,
            received: 50,
            bitsPerS: [low, high],
            ...unbounded,
          },
        ],
      }).holds;
    assert.equal(burst(500_000, 530_000), true);
    assert.equal(burst(1_000_000, 1_020_000), false);
    assert.equal(burst(100_000, 120_000), false);
  });

  it('proves overlapping faults as what they come to together: some packets delayed, the rest lost in part', () => {
    const match: Match = { protocol: 'udp', destinationPort: [10_000, 20_000] };
    const state = direction({ loss: { random: 0.1 } }, [{ match, impairment: impairmentOf({ delay: 50 }) }]);
    const lossy = series('sbc', { sent: 300, received: 270 });
    const slow = (delayMs: number, received = 300) =>
      series('sbc', { sent: 300, received, rule: 0, delayMs });
    assert.equal(holds(state, lossy, slow(50.5)), true);
    assert.equal(holds(state, lossy, slow(0.3)), false);
    assert.equal(holds(state, lossy, slow(50.5, 270)), false);
    assert.equal(holds(state, series('sbc', { sent: 300 }), slow(50.5)), false);
  });

  it('proves nothing when the control path fails, or without a probe', () => {
    const broken = [series('desk', { received: 0 })];
    const dead = [series('sbc', { received: 0 }), series('carrier-a')];
    assert.equal(proveState({ ...base, state: outbound(cut), impaired: dead, control: broken }).holds, false);
    assert.equal(proveState({ ...base, state: outbound(cut) }).holds, false);
  });

  it('says what was achieved beside what was asked for', () => {
    const { reason, requested } = proof(direction({ delay: 40, jitter: 5 }), series('sbc', { delayMs: 1 }));
    assert.equal(requested, 'sbc → carrier-a delay 40 ± 5 ms; carrier-a → sbc clear');
    assert.equal(
      reason,
      'sbc--carrier-a from sbc: delay 1.0 ms (0.0 ms–2.0 ms) where 40.0 ms–45.0 ms was asked for',
    );
  });
});

describe('a look that says nothing', () => {
  const late = series('sbc', { delayMs: 60, delayIntervalMs: [55, 62] });
  const why = (...impaired: ProbeSeries[]) => whyAgain({ ...base, impaired });
  const unsteady = [series('desk', { link: 'desk--lan', sent: 10, received: 9 })];

  it('is one in which packets came too late, and nothing else is wrong', () => {
    assert.match(why(late, series('carrier-a')) ?? '', /^probes had come too late: from sbc: delay 60/);
    assert.equal(why(series('sbc'), series('carrier-a')), null);
    assert.equal(why(late, series('carrier-a', { sent: 10, received: 9 })), null);
    assert.equal(why(series('sbc', { sent: 10, received: 10, duplicates: 2 })), null);
  });

  it('is one whose prober lost packets by itself, unless the link lost some too', () => {
    const seen = { ...base, control: unsteady };
    assert.equal(whyAgain({ ...seen, impaired: [series('sbc')] }), 'the control path had lost 1 probes');
    assert.equal(whyAgain({ ...seen, impaired: [series('sbc', { sent: 10, received: 9 })] }), null);
  });
});
