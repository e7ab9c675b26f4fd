import assert from 'node:assert/strict';
import fc from 'fast-check';
import { impairmentOf } from '../../../../src/plan/impairments.js';
import { importMahimahi } from '../../../../src/plan/traces/mahimahi.js';
import { parseTrace } from '../../../../src/plan/traces/read.js';
import type { TimeTrace, Trace } from '../../../../src/plan/traces/types.js';
import { formatTrace } from '../../../../src/plan/traces/write.js';
import { errorsOf } from '../../../fixtures/inputs.js';

const header = '{"deadair-trace":1,"end":"loop","source":"a bench","lengthMs":500}';
const parse = (...lines: string[]) => parseTrace(lines.join('\n'), 'traces/line.jsonl');

describe('reading a trace', () => {
  it('takes time records: what is not named is not done, and parts have defaults', () => {
    const trace = parse(
      header,
      '{"atMs":0,"delay":{"ms":40}}',
      '',
      '{"atMs":200,"rate":{"bitsPerS":512000},"loss":{"kind":"random","share":0.02}}',
    );
    assert.deepEqual(trace, {
      kind: 'time',
      name: 'traces/line.jsonl',
      source: 'a bench',
      end: 'loop',
      lengthMs: 500,
      steps: [
        { atMs: 0, impairment: impairmentOf({ delay: 40 }) },
        { atMs: 200, impairment: impairmentOf({ rate: 512_000, loss: { random: 0.02 } }) },
      ],
    });
  });

  it('takes packet records', () => {
    const trace = parse(
      '{"deadair-trace":1,"end":"stop","source":"x"}',
      '{"delayMs":12.5}',
      '{"delayMs":null}',
    );
    assert.deepEqual(trace.kind === 'packet' && trace.delaysMs, [12.5, null]);
  });

  const record = '{"atMs":0,"delay":{"ms":40}}';
  const cases: [name: string, lines: string[], error: RegExp][] = [
    ['nothing', [''], /^line\.jsonl:1:1 TRACE_INVALID the trace is empty\./],
    [
      'another version',
      [header.replace(':1,', ':2,'), record],
      /^line\.jsonl:1:1 TRACE_INVALID "deadair-trace": version 1\./,
    ],
    ['no header', [record], /^line\.jsonl:1:1 TRACE_INVALID/],
    ['no record', [header], /^line\.jsonl:1:1 TRACE_INVALID the trace has no records/],
    ['no JSON', [header, record, '{"atMs":'], /^line\.jsonl:3:1 TRACE_INVALID this is not JSON/],
    [
      'an unknown key',
      [header, '{"atMs":0,"dealy":{"ms":1}}'],
      /^line\.jsonl:2:1 TRACE_INVALID unknown key "dealy"\. Did you mean "delay"\?/,
    ],
    [
      'an unknown key inside',
      [header, '{"atMs":0,"delay":{"ms":1,"x":2}}'],
      /^line\.jsonl:2:1 TRACE_INVALID unknown key "delay\.x"\./,
    ],
    [
      'a share beyond 1',
      [header, '{"atMs":0,"loss":{"kind":"random","share":1.4}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "loss\.share"/,
    ],
    [
      'a negative delay',
      [header.replace(',"lengthMs":500', ''), '{"delayMs":-1}'],
      /^line\.jsonl:2:1 TRACE_INVALID "delayMs"/,
    ],
    [
      'jitter beyond the delay',
      [header, '{"atMs":0,"delay":{"ms":1,"jitterMs":2}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "delay": jitterMs at most ms\./,
    ],
    [
      'chances that are more than all',
      [header, '{"atMs":0,"loss":{"kind":"four-state","p13":0.7,"p31":0.5,"p32":0.1,"p23":0.2,"p14":0.6}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "loss": p13 and p14 are more than 1 together\./,
    ],
    [
      'bursts without an end',
      [header, '{"atMs":0,"loss":{"kind":"gilbert-elliott","p":0.1,"r":0}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "loss": with an r of 0 the line stays bad for ever\./,
    ],
    [
      'a pattern of nothing',
      [header, '{"atMs":0,"loss":{"kind":"pattern","lose":[false]}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "loss": this pattern loses nothing\./,
    ],
    [
      'a rate of nothing',
      [header, '{"atMs":0,"rate":{"bitsPerS":0}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "rate\.bitsPerS"/,
    ],
    [
      'an unknown distribution',
      [header, '{"atMs":0,"delay":{"ms":9,"jitterMs":1,"distribution":"gaussian"}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "delay\.distribution"/,
    ],
    [
      'a table that descends',
      [header, '{"atMs":0,"delay":{"ms":9,"jitterMs":1,"distribution":{"name":"x","table":[1,0]}}}'],
      /^line\.jsonl:2:1 TRACE_INVALID "delay\.distribution\.?/,
    ],
    [
      'overtaking without a delay',
      [header, '{"atMs":0,"reorder":{"share":0.1}}'],
      /^line\.jsonl:2:1 TRACE_INVALID the record: reorder needs a delay/,
    ],
    [
      'a late begin',
      [header, '{"atMs":5}'],
      /^line\.jsonl:2:1 TRACE_INVALID the first record is at 0, not 5\./,
    ],
    [
      'time that runs back',
      [header, record, '{"atMs":9}', '{"atMs":9}'],
      /^line\.jsonl:4:1 TRACE_INVALID records ascend: 9 doesn't come after 9\./,
    ],
    ['both kinds of record', [header, record, '{"delayMs":1}'], /^line\.jsonl:3:1 TRACE_INVALID/],
    [
      'a loop without length',
      [header.replace(',"lengthMs":500', ''), record],
      /^line\.jsonl:1:1 TRACE_INVALID .*lengthMs/,
    ],
    [
      'an end before the last record',
      [header, record, '{"atMs":500}'],
      /^line\.jsonl:1:1 TRACE_INVALID lengthMs is 500/,
    ],
  ];
  for (const [name, lines, error] of cases)
    it(`refuses ${name}, with the line`, () => assert.match(errorsOf(() => parse(...lines))[0] ?? '', error));

  it('tells the first five errors', () => {
    assert.equal(errorsOf(() => parse(header, ...Array<string>(9).fill('{'))).length, 5);
  });

  it('reads what was written, whatever it is', () => {
    const ms = fc.integer({ min: 0, max: 5000 });
    const impairment = fc
      .record({
        delay: ms,
        loss: fc.option(fc.constantFrom(0.01, 0.5), { nil: undefined }),
        rate: fc.option(fc.integer({ min: 1, max: 1e8 }), { nil: undefined }),
      })
      .map(({ delay, loss, rate }) =>
        impairmentOf({
          delay,
          ...(loss === undefined ? {} : { loss: { random: loss } }),
          ...(rate === undefined ? {} : { rate, queue: { ms: 9 } }),
        }),
      );
    const head = {
      name: 'x',
      source: 'any',
      end: fc.constantFrom('hold' as const, 'loop' as const, 'stop' as const),
    };
    const time = fc
      .tuple(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 999 }), impairment), { minLength: 1, maxLength: 8 }),
        head.end,
      )
      .map(([gaps, end]): Trace => {
        let atMs = 0;
        const steps = gaps.map(([gap, one], index) => ({
          atMs: (atMs += index === 0 ? 0 : gap),
          impairment: one,
        }));
        return { kind: 'time', name: 'x', source: 'any', end, steps, lengthMs: atMs + 100 };
      });
    const packet = fc
      .tuple(fc.array(fc.option(ms), { minLength: 1 }), head.end)
      .map(([delaysMs, end]): Trace => ({ kind: 'packet', name: 'x', source: 'any', end, delaysMs }));
    fc.assert(
      fc.property(fc.oneof(time, packet), (trace) =>
        assert.deepEqual(parseTrace(formatTrace(trace), 'x'), trace),
      ),
    );
  });
});

describe('importing a mahimahi trace', () => {
  const options = { stepMs: 100, queueMs: 200, end: 'loop' } as const;
  const rates = (trace: TimeTrace) => trace.steps.map(({ impairment }) => impairment.rate?.bitsPerS ?? null);

  it('counts opportunities of 1500 bytes: one a millisecond is 12 Mbit/s', () => {
    const everyMs = Array.from({ length: 300 }, (_, index) => index + 1).join('\n');
    const trace = importMahimahi(everyMs, 'x.down', options);
    assert.deepEqual(rates(trace), [12e6, 12e6, 12e6]);
    assert.deepEqual([trace.lengthMs, trace.end], [300, 'loop']);
    assert.equal(trace.steps[0]?.impairment.rate?.limitMs, 200);
  });

  it('knows several in one millisecond, gaps in which nothing passes, and a short last step', () => {
    const trace = importMahimahi('10\n10\n350\n350\n350\n', 'x.down', options);
    assert.deepEqual(rates(trace), [240_000, null, null, 720_000]);
    assert.deepEqual(trace.steps[1]?.impairment.loss, { kind: 'random', share: 1, correlation: 0 });
    assert.equal(trace.lengthMs, 350);
  });

  it('gives back the capacity of any trace', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 10, max: 999 }),
        (times, stepMs) => {
          times.sort((a, b) => a - b);
          const trace = importMahimahi(times.join('\n'), 'x', { ...options, stepMs });
          const bits = trace.steps.reduce((sum, { atMs, impairment }, index) => {
            const endMs = trace.steps[index + 1]?.atMs ?? trace.lengthMs;
            return sum + ((impairment.rate?.bitsPerS ?? 0) * (endMs - atMs)) / 1000;
          }, 0);
          assert.ok(Math.abs(bits - times.length * 12_000) < 1, String(bits));
        },
      ),
    );
  });

  it('refuses what is none, with the line', () => {
    const error = (text: string) => {
      try {
        importMahimahi(text, 'x.down', options);
      } catch (thrown) {
        return String(thrown);
      }
      return '';
    };
    assert.equal(
      error('1\n2.5\n'),
      'x.down:2:1: TRACE_INVALID: expected a whole number of milliseconds, not "2.5".',
    );
    assert.equal(error('5\n4\n'), 'x.down:2:1: TRACE_INVALID: times ascend: 4 comes after 5.');
    assert.equal(error('0\n'), 'x.down:1:1: TRACE_INVALID: the trace has no time after 0.');
  });
});
