import assert from 'node:assert/strict';
import { clearImpairment } from '../../../src/emulator/contract.js';
import { netemArguments, netemLimit, netemQdisc } from '../../../src/emulator/netem/arguments.js';
import type { Impairment } from '../../../src/plan/impairment.js';
import { delayed, impaired } from '../../fixtures/impairments.js';

const line = (impairment: Impairment) => netemArguments(impairment).join(' ');

const everything: Impairment = {
  delay: { ms: 40.5, jitterMs: 5, distribution: 'normal', correlation: 0.25 },
  loss: { kind: 'random', share: 0.00001, correlation: 0.1 },
  duplicate: { share: 0.01, correlation: 0.02 },
  corrupt: { share: 0.003, correlation: 0 },
  reorder: { share: 0.2, correlation: 0.5, gap: 4 },
  rate: null,
  slot: { minMs: 10, maxMs: 20, packets: 8 },
  mtuBytes: null,
};

describe('netem arguments', () => {
  it('write every attribute, because the kernel leaves as it was what it is not told', () => {
    assert.equal(
      line(clearImpairment),
      'limit 10000 delay 0ms 0ms 0% loss random 0% 0% duplicate 0% 0% corrupt 0% 0% reorder 0% 0% ' +
        'rate 8000000000000bit slot 0ms 0ms',
    );
  });

  it('write all of an impairment', () => {
    assert.equal(
      line(everything),
      'limit 18050 delay 40.5ms 5ms 25% distribution normal loss random 0.001% 10% duplicate 1% 2% corrupt 0.3% 0% ' +
        'reorder 20% 50% gap 4 rate 8000000000000bit slot 10ms 20ms packets 8',
    );
  });

  it('give a rate always: without one, jitter reorders', () => {
    for (const impairment of [clearImpairment, everything, impaired(delayed(1, 1))])
      assert.match(line(impairment), / rate 8000000000000bit /);
  });

  it('turn the chains of loss to how tc counts them', () => {
    const gilbert = impaired({ loss: { kind: 'gilbert-elliott', p: 0.01, r: 0.25, h: 0.3, k: 0.999 } });
    assert.match(line(gilbert), / loss gemodel 1% 25% 70% 0\.1% /);
    const states = impaired({
      loss: { kind: 'four-state', p13: 0.01, p31: 0.02, p32: 0.03, p23: 0.04, p14: 0.05 },
    });
    assert.match(line(states), / loss state 1% 2% 3% 4% 5% /);
  });

  it('give uniform jitter as a table too, since a table that was set stays', () => {
    assert.match(line(impaired(delayed(20, 10))), / delay 20ms 10ms 0% distribution uniform /);
  });

  it('leave out what tc refuses without a delay, and which means nothing without one', () => {
    assert.doesNotMatch(line({ ...everything, delay: null }), /gap|distribution|reorder 20%/);
  });

  it('have room for what arrives within the longest delay', () => {
    assert.ok(netemLimit(impaired(delayed(1000))) >= 10_000 + 1000 * 100);
    assert.ok(netemLimit(impaired(delayed(1000, 500))) > netemLimit(impaired(delayed(1000))));
  });

  it('know no loss by pattern', () => {
    assert.throws(() => line(impaired({ loss: { kind: 'pattern', lose: [true] } })), RangeError);
  });

  it('are seeded where the kernel can be', () => {
    assert.doesNotMatch(line(clearImpairment), /seed/);
    assert.match(netemQdisc(clearImpairment, '77').args.join(' '), / seed 77$/);
  });
});
