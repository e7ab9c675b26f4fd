import assert from 'node:assert/strict';
import { netemArguments } from '../../../src/emulator/netem/arguments.js';
import { rateStages } from '../../../src/emulator/netem/rate-stages.js';
import { tableName, tableText } from '../../../src/emulator/netem/tables.js';
import type { Delay, Rate } from '../../../src/plan/impairment.js';
import { impaired } from '../../fixtures/impairments.js';

/** Each stage's qdiscs as tc is told of them. */
const told = (change: Partial<Rate>) =>
  rateStages({ bitsPerS: 512_000, burstBytes: 0, limitPackets: null, limitMs: null, ...change }).map(
    (stage) => stage.map(({ object, parent, kind, args }) => [object, parent, kind, ...args].join(' ')),
  );

describe('the stages of a rate on netem', () => {
  it('are one netem for a bound in packets, or none', () => {
    assert.deepEqual(told({ limitPackets: 50 }), [['qdisc root netem limit 50 rate 512000bit']]);
    assert.match(told({})[0]?.[0] ?? '', /^qdisc root netem limit \d{5,} rate 512000bit$/);
  });

  it('are a queue of so many ms in bytes, less what is handed over ahead, before the netem that paces', () => {
    const [pacer, line] = told({ limitMs: 200, limitPackets: 50 });
    // 10 ms ahead are 640 bytes; 190 ms are 12160.
    assert.deepEqual(pacer, [
      'qdisc root htb default 1',
      'class 2: htb rate 512000bit ceil 512000bit burst 640 cburst 640 quantum 1514',
      'qdisc 2:1 bfifo limit 12160',
    ]);
    assert.deepEqual(line, ['qdisc root netem limit 50 rate 512000bit']);
  });

  it('are a bucket for a burst, with its queue below it, in bytes or in packets', () => {
    const [[bucket, queue] = []] = told({ burstBytes: 100_000, limitMs: 100_000 });
    assert.match(bucket ?? '', /^qdisc root tbf rate 512000bit burst 100000 limit \d+$/);
    assert.equal(queue, 'qdisc 1:1 bfifo limit 6400000');
    const [[, packets] = []] = told({ burstBytes: 100_000, limitPackets: 7 });
    assert.equal(packets, 'qdisc 1:1 pfifo limit 7');
  });

  it('have room for a whole frame, however small the burst or the queue', () => {
    const least = (change: Partial<Rate>) =>
      Math.min(
        ...told(change)
          .flat()
          .flatMap((line) =>
            [...line.matchAll(/(?:tbf .*burst|bfifo limit) (\d+)/g)].map(([, n]) => Number(n)),
          ),
      );
    assert.ok(least({ burstBytes: 1, limitMs: 1 }) >= 1514);
    assert.ok(least({ bitsPerS: 8000, limitMs: 1 }) >= 1514);
  });
});

describe('distributions on netem', () => {
  const delay = (distribution: Delay['distribution']): Delay => ({
    ...{ ms: 20, jitterMs: 5, correlation: 0, distribution },
  });
  const own = { name: 'mine', table: [-1, 0, 1] };

  it('are told by name, those of a table by what is in it', () => {
    for (const name of ['uniform', 'normal', 'pareto', 'paretonormal'] as const)
      assert.match(
        netemArguments(impaired({ delay: delay(name) })).join(' '),
        new RegExp(` distribution ${name} `),
      );
    assert.match(netemArguments(impaired({ delay: delay(own) })).join(' '), / distribution table-[0-9a-f]+ /);
    assert.equal(tableName(own), tableName({ ...own, name: 'other' }));
    assert.notEqual(tableName(own), tableName({ ...own, table: [-1, 0, 2] }));
  });

  it('are tables in units of 8192, which ascend and are as wide as they should', () => {
    for (const distribution of ['uniform', 'normal', 'pareto', 'paretonormal', own] as const) {
      const [head, ...lines] = tableText(distribution).trimEnd().split('\n');
      const values = lines.map(Number);
      assert.ok(values.length > 2);
      assert.equal(head, `# ${tableName(distribution)}`);
      assert.ok(
        values.every((value, index) => Math.abs(value) <= 32_767 && value >= (values[index - 1] ?? value)),
      );
      const variance = values.reduce((sum, value) => sum + (value / 8192) ** 2, 0) / values.length;
      // Uniform is of a half-width of one, the others of about one standard deviation.
      const [from, to] = distribution === 'uniform' ? [0.3, 0.36] : [0.5, 1.3];
      assert.ok(variance > from && variance < to, `${tableName(distribution)}: ${variance}`);
    }
  });
});
