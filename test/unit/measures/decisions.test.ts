import assert from 'node:assert/strict';
import { measureDecisions } from '../../../src/measures/decisions.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import type { Trace } from '../../../src/plan/traces/types.js';
import type { Decision } from '../../../src/runfolder/decision-log.js';
import { delayed, impaired, lossy } from '../../fixtures/impairments.js';
import { journal } from '../../fixtures/measures.js';
import { cut, plan } from '../../fixtures/plans.js';

const LINK = 'sbc--carrier-a';

const decision = (atMs: number, change: Partial<Decision> = {}): Decision => ({
  direction: 'a-to-b',
  n: 1,
  atMs,
  length: 214,
  verdict: 'delivered',
  delayMs: 0,
  rule: -1,
  corrupted: false,
  duplicated: false,
  reordered: false,
  protocol: 17,
  identification: 0,
  sourcePort: 20_000,
  destinationPort: 20_002,
  ...change,
});
const lost = { verdict: 'lost', delayMs: null } as const;

async function measured(faults: PlannedFault[], decisions: Decision[]) {
  const of = plan({ faults });
  const log = async function* () {
    yield* await Promise.resolve(decisions);
  };
  return measureDecisions(of, injectedTruth(of, journal(of)), (link) => (link === LINK ? log() : null));
}

/** A replay from the SBC, from 10 s to 20 s. */
const replaying = (trace: Trace): PlannedFault[] => [
  cut(1, 10_000, 20_000, { kind: 'replay', name: trace.name, directions: [{ from: 'sbc', trace }] }),
];
const head = { name: 'line', source: 'this test' } as const;
/** One decision each 10 ms from just after the fault began. */
const stream = (count: number, each: (index: number) => Partial<Decision>): Decision[] =>
  Array.from({ length: count }, (_, index) => decision(10_010 + 10 * index, each(index)));
const why = async (trace: Trace, decisions: Decision[]) =>
  (await measured(replaying(trace), decisions)).problems
    .map(({ code, summary }) => `${code} ${summary}`)
    .join();

describe('what the emulator decided', () => {
  it('is told for each fault and direction, of its time and its packets only', async () => {
    const { byFault } = await measured(
      [
        cut(1, 10_000, 20_000),
        cut(2, 30_000, 35_000, {
          kind: 'impair',
          from: 'sbc',
          only: null,
          impairment: impaired(delayed(40)),
        }),
      ],
      [
        decision(9999, { rule: -2, verdict: 'cut', delayMs: null }),
        decision(10_002, { rule: -2, verdict: 'cut', delayMs: null }),
        decision(10_003, { rule: -2, verdict: 'rejected', delayMs: null, direction: 'b-to-a' }),
        ...[30, 40, 50].map((delayMs) => decision(31_000, { delayMs })),
        decision(31_001, lost),
        decision(31_002, { rule: 0, delayMs: 9 }),
        decision(31_003, { direction: 'b-to-a' }),
        decision(31_004, { verdict: 'unrecorded', n: 17, delayMs: null }),
      ],
    );
    const none = { lost: 0, cut: 0, refused: 0, queueFull: 0, tooLong: 0, unrecorded: 0, delayMs: null };
    assert.deepEqual(byFault.get('fault-1'), [
      { ...none, from: 'sbc', frames: 1, cut: 1 },
      { ...none, from: 'carrier-a', frames: 1, refused: 1 },
    ]);
    assert.deepEqual(byFault.get('fault-2'), [
      { ...none, from: 'sbc', frames: 4, lost: 1, unrecorded: 17, delayMs: 40 },
    ]);
  });

  it('is not told for rules that overlap: their numbers change', async () => {
    const ruled = (n: number, port: number) =>
      cut(n, 10_000, 20_000, { kind: 'block', from: null, only: { destinationPort: port } });
    const { byFault } = await measured([ruled(1, 5060), ruled(2, 5061)], [decision(12_000, { rule: 0 })]);
    assert.equal(byFault.size, 0);
    const alone = await measured([ruled(1, 5060)], [decision(12_000, { rule: 0, ...lost })]);
    assert.equal(alone.byFault.get('fault-1')?.[0]?.lost, 1);
  });

  it('follows a course over time, or contradicts it', async () => {
    const trace: Trace = {
      ...head,
      kind: 'time',
      end: 'loop',
      steps: [
        { atMs: 0, impairment: impaired(delayed(40)) },
        { atMs: 1000, impairment: impaired({ ...delayed(80), ...lossy(0.2) }) },
      ],
      lengthMs: 2000,
    };
    const asked = (index: number): Partial<Decision> =>
      index % 200 < 99 ? { delayMs: 40 } : index % 5 === 0 ? lost : { delayMs: 80 };
    assert.equal(await why(trace, stream(900, asked)), '');
    assert.match(
      await why(
        trace,
        stream(900, () => ({ delayMs: 0 })),
      ),
      /^FAULT_NOT_PROVEN fault-1 on sbc--carrier-a: .* from sbc: 0 of 900 frames were lost where 8\d were asked for/,
    );
    const always40 = (index: number) => ({ ...asked(index), ...(index % 5 === 0 ? {} : { delayMs: 40 }) });
    assert.match(await why(trace, stream(900, always40)), /of 900 frames were sooner than it has them/);
  });

  it('follows a trace packet by packet, of IPv4 only, wherever its fault was written down', async () => {
    const trace: Trace = { ...head, kind: 'packet', end: 'loop', delaysMs: [30, null, 31] };
    const asked = (shift: number) => (index: number) =>
      [{ delayMs: 30 }, lost, { delayMs: 31 }][(index + shift) % 3]!;
    const arp = stream(300, () => ({ protocol: 0 }));
    assert.equal(await why(trace, [...stream(600, asked(0)), ...arp]), '');
    assert.equal(await why(trace, stream(600, asked(2))), '');
    assert.match(
      await why(
        trace,
        stream(600, () => ({ delayMs: 30 })),
      ),
      /0 of 600 frames were lost where 200/,
    );
    const stops: Trace = { ...trace, end: 'stop' };
    assert.match(await why(stops, stream(600, asked(0))), /200 of 600 frames were lost where 1 were/);
  });

  it('says nothing of a course whose log has gaps, or that met nothing', async () => {
    const trace: Trace = { ...head, kind: 'packet', end: 'loop', delaysMs: [null] };
    assert.equal(await why(trace, []), '');
    const gap = decision(10_500, { verdict: 'unrecorded', n: 5, delayMs: null });
    assert.equal(await why(trace, [...stream(600, () => ({})), gap]), '');
    assert.notEqual(
      await why(
        trace,
        stream(600, () => ({})),
      ),
      '',
    );
  });
});
