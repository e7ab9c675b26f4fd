import assert from 'node:assert/strict';
import { randomStream } from '../../../src/emulator/random.js';
import {
  type Finding,
  type PacketRecord,
  burstLengths,
  checkBurstLengths,
  checkCorrelation,
  checkDelay,
  checkDistribution,
  checkDuplicates,
  checkLongestDelay,
  checkLoss,
  checkOrder,
  checkRate,
  checkReordered,
  checkShare,
  delaysOf,
  lossesOf,
  shareInterval,
} from '../../conformance/checks.js';

const holds = ({ holds, detail }: Finding) => assert.ok(holds, detail);
const fails = ({ holds, detail }: Finding) => assert.ok(!holds, `not noticed: ${detail}`);

/** Sent every millisecond, each with this delay; null is lost. */
const delayedBy = (delays: (number | null)[]): PacketRecord[] =>
  delays.map((delay, seq) => ({ seq, sentMs: seq, receivedMs: delay === null ? null : seq + delay }));

const draws = (key: string, count: number) => {
  const stream = randomStream(key);
  return Array.from({ length: count }, () => stream.next());
};

const uniform = (x: number) => Math.max(0, Math.min(1, x));

describe('conformance checks', () => {
  it('take the first arrival of each packet, and the order of sending', () => {
    const records = [
      { seq: 1, sentMs: 1, receivedMs: 9 },
      { seq: 0, sentMs: 0, receivedMs: null },
      { seq: 1, sentMs: 1, receivedMs: 4 },
    ];
    assert.deepEqual(delaysOf(records), [3]);
    assert.deepEqual(lossesOf(records), [true, false]);
  });

  it('tell a distribution from another, and forgive what measuring adds', () => {
    const samples = draws('ks', 500);
    holds(checkDistribution(samples, uniform));
    fails(checkDistribution(samples, (x) => uniform(x) ** 1.4));
    const late = samples.map((x) => x + 0.15);
    fails(checkDistribution(late, uniform));
    holds(checkDistribution(late, uniform, 0.15));
    fails(
      checkDistribution(
        samples.map((x) => x - 0.15),
        uniform,
        0.15,
      ),
    );
    fails(checkDistribution([], uniform));
  });

  it('have the KS test reject about one in a thousand of its own kind', () => {
    const trials = 2000;
    const rejected = Array.from({ length: trials }, (_, index) =>
      checkDistribution(draws(`null-${index}`, 50), uniform),
    ).filter((finding) => !finding.holds).length;
    assert.ok(rejected >= 0 && rejected <= 9, `${rejected} of ${trials}`);
  });

  it('tell a share from another by Wilson’s interval, wider for correlated losses', () => {
    const outcomes = draws('share', 2000).map((x) => x < 0.1);
    holds(checkShare(outcomes, 0.1));
    fails(checkShare(outcomes, 0.14));
    fails(checkShare(outcomes, 0));
    holds(checkShare(outcomes, 0.14, 10));
    holds(checkShare([true, true], 1));
    fails(checkShare([true, false], 1));
    fails(checkShare([], 0));
    // 10 of 100 at z = 3.29, worked out by hand.
    const [low, high] = shareInterval(10, 100);
    assert.ok(Math.abs(low - 0.0375) < 5e-5 && Math.abs(high - 0.2406) < 5e-5, `${low} ${high}`);
  });

  it('count losses and copies', () => {
    const records = delayedBy([5, null, 5, 5]);
    holds(checkLoss(records, 0.25));
    fails(checkLoss(records, 0));
    holds(checkDuplicates(records, 0));
    fails(checkDuplicates([...records, records[0]!], 0));
  });

  it('see the lengths of bursts', () => {
    const at = (signs: string) => [...signs].map((sign) => sign === 'x');
    assert.deepEqual(burstLengths(at('xx.x..xxx.x')), [1, 3]);
    assert.deepEqual(burstLengths(at('.x.')), [1]);
    const losses = draws('bursts', 4000).map((x) => x < 0.3);
    holds(checkBurstLengths(losses, (n) => 0.7 * 0.3 ** (n - 1)));
    fails(checkBurstLengths(losses, (n) => 0.5 ** n));
    fails(checkBurstLengths([true, false], (n) => 0.5 ** n));
  });

  it('see an overtaken packet, and how many went ahead', () => {
    holds(checkOrder(delayedBy([5, 5, null, 5])));
    fails(checkOrder(delayedBy([5, 5, 5, 1])));
    const tenth = delayedBy(Array.from({ length: 1000 }, (_, seq) => (seq % 10 === 9 ? 0.1 : 20)));
    holds(checkReordered(tenth, 0.1));
    fails(checkReordered(tenth, 0.2));
    fails(checkReordered(tenth, 0));
  });

  it('measure delays, the rate and the queue', () => {
    const constant = delayedBy([25.1, 25.3, 25.2, 40]);
    holds(checkDelay(constant, 25, 1));
    fails(checkDelay(constant, 26, 1));
    fails(checkDelay(constant, 23, 1));
    fails(checkDelay(delayedBy([null]), 25, 1));
    const queued = delayedBy(Array.from({ length: 101 }, (_, seq) => 4 * seq)); // one in 5 ms
    holds(checkRate(queued, { bytes: 125, bitsPerS: 200_000 }));
    fails(checkRate(queued, { bytes: 125, bitsPerS: 210_000 }));
    holds(checkLongestDelay(queued, 400, 1));
    fails(checkLongestDelay(queued, 380, 10));
  });

  it('see correlation of neighbours', () => {
    const fresh = draws('correlation', 2000);
    const correlated: number[] = [];
    for (const x of fresh) correlated.push(0.5 * (correlated.at(-1) ?? x) + x);
    holds(checkCorrelation(correlated, 0.5));
    fails(checkCorrelation(correlated, 0));
    holds(checkCorrelation(fresh, 0));
    fails(checkCorrelation(fresh, 0.3));
  });
});
