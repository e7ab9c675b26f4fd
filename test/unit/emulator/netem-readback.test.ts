import assert from 'node:assert/strict';
import { netemQdisc } from '../../../src/emulator/netem/arguments.js';
import { everything, filtersFor } from '../../../src/emulator/netem/filters.js';
import {
  type ShownFilter,
  type ShownQdisc,
  compareFilters,
  compareQdiscs,
} from '../../../src/emulator/netem/readback.js';
import { impaired } from '../../fixtures/impairments.js';

/** As tc 6.1 shows it. */
const shown: ShownQdisc = {
  kind: 'netem',
  handle: '8001:',
  dev: 'x',
  root: true,
  options: {
    limit: 16_000,
    delay: { delay: 0.04, jitter: 0.005, correlation: 0 },
    'loss-random': { loss: 0.05, correlation: 0.25 },
    duplicate: { duplicate: 0.0333333, correlation: 0 },
    reorder: { reorder: 0.1, correlation: 0 },
    corrupt: { corrupt: 1.00001e-5, correlation: 0 },
    rate: { rate: 1_000_000_000_000, packetoverhead: 0, cellsize: 0, celloverhead: 0 },
    ecn: false,
    gap: 1,
  },
  packets: 0,
  drops: 0,
  qlen: 0,
};

const ordered = netemQdisc(
  impaired({
    delay: { ms: 40, jitterMs: 5, distribution: 'normal', correlation: 0 },
    loss: { kind: 'random', share: 0.05, correlation: 0.25 },
    duplicate: { share: 1 / 30, correlation: 0 },
    corrupt: { share: 0.00001, correlation: 0 },
    reorder: { share: 0.1, correlation: 0, gap: 1 },
  }),
  null,
);

const mismatch = { code: 'NETEM_READBACK', exitCode: 2 };

describe('netem read-back', () => {
  it('accepts what tc shows of what was ordered', () => {
    compareQdiscs('x', [ordered], [shown, { ...shown, dev: 'y', options: {} }]);
  });

  it('notices each figure that is another, missing or too many', () => {
    const options = shown.options as Record<string, Record<string, number>>;
    const changes: Record<string, unknown>[] = [
      { limit: 1000 },
      { delay: { ...options.delay, delay: 0.041 } },
      { delay: { ...options.delay, jitter: 0 } },
      { 'loss-random': { ...options['loss-random'], loss: 0.051 } },
      { 'loss-random': { ...options['loss-random'], correlation: 0 } },
      { 'loss-random': undefined },
      { 'loss-gemodel': { p: 0.1 } },
      { duplicate: undefined },
      { corrupt: { corrupt: 2e-5, correlation: 0 } },
      { rate: undefined },
      { slot: { 'min-delay': 0.02, 'max-delay': 0.02, packets: 0, bytes: 0 } },
      { gap: 0 },
    ];
    for (const change of changes)
      assert.throws(
        () => compareQdiscs('x', [ordered], [{ ...shown, options: { ...shown.options, ...change } }]),
        mismatch,
        JSON.stringify(change),
      );
  });

  it('notices another root, and none', () => {
    assert.throws(() => compareQdiscs('x', [ordered], [{ ...shown, kind: 'fq_codel' }]), mismatch);
    assert.throws(() => compareQdiscs('x', [ordered], []), mismatch);
  });

  it('notices filters that are others, in another order or elsewhere', () => {
    const rule = filtersFor({ protocol: 'udp', destinationPort: [10, 20] }, { redirect: 'x' });
    const filters = [...rule, everything('drop')];
    const there: ShownFilter[] = [
      {
        pref: 1,
        kind: 'flower',
        chain: 1,
        options: {
          keys: { ip_proto: 'udp', eth_type: 'ipv4', dst_port: { start: 10, end: 20 } },
          actions: [{ kind: 'mirred', to_dev: 'x', control_action: { type: 'stolen' } }],
        },
      },
      {
        pref: 2,
        kind: 'flower',
        chain: 1,
        options: { keys: {}, actions: [{ kind: 'gact', control_action: { type: 'drop' } }] },
      },
    ];
    compareFilters('a', filters, there);
    assert.throws(() => compareFilters('a', filters, there.slice(1)), mismatch);
    assert.throws(() => compareFilters('a', filters, [...there].reverse()), mismatch);
    const elsewhere = filtersFor({ protocol: 'udp', destinationPort: [10, 20] }, { redirect: 'y' });
    assert.throws(() => compareFilters('a', [...elsewhere, everything('drop')], there), mismatch);
    const others = filtersFor({ protocol: 'udp', destinationPort: [10, 21] }, { redirect: 'x' });
    assert.throws(() => compareFilters('a', [...others, everything('drop')], there), mismatch);
  });
});
