import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { z } from 'zod';
import { addressLab } from '../../../src/plan/addresses.js';
import { isNodeFault, planFaults } from '../../../src/plan/faults.js';
import { stateUnder } from '../../../src/faults/action.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import type { PlannedLink } from '../../../src/plan/planned-lab.js';
import { checkTimeline } from '../../../src/scenario/check-timeline.js';
import { draftOf } from '../../../src/scenario/draft.js';
import { timelineEntrySchema } from '../../../src/scenario/schema.js';
import type { TimelineEntry } from '../../../src/scenario/schema.js';
import { loadText, scenarioText } from '../../fixtures/inputs.js';

describe('timelines, for any entries', () => {
  const seconds = (min: number, max: number) => fc.integer({ min, max }).map((s) => `${s}s`);
  const timing = {
    at: seconds(0, 30),
    for: fc.option(seconds(1, 10), { nil: undefined }),
    repeat: fc.option(fc.record({ times: fc.integer({ min: 2, max: 4 }), every: seconds(1, 12) }), {
      nil: undefined,
      freq: 3,
    }),
  };
  const link = fc.constantFrom('sbc--carrier-a', 'sbc--edge-b');
  const end = fc.option(fc.constantFrom('sbc', 'carrier-a', 'edge-b'), { nil: undefined });
  const only = fc.constantFrom(
    undefined,
    { protocol: 'udp' },
    { protocol: 'udp', port: 5060 },
    { port: 5060 },
    { sip: { method: 'INVITE' } },
    { sip: { method: 'INVITE', first: 2 } },
  );
  const entry = fc.oneof(
    fc.record({ ...timing, cut: link, mode: fc.constantFrom('blackhole', 'one-way'), from: end }),
    fc.record({ ...timing, impair: link, from: end, loss: fc.constant('5%'), only }),
    fc.record({ ...timing, block: link, from: end, only: only.filter((match) => match !== undefined) }),
  );

  const loaded = loadText(scenarioText);
  const { lab } = loaded.lab;
  const topology = addressLab(lab);
  const durationMs = 40_000;
  /** The timeline of entries, as the loader would have it. */
  const planned = (timeline: TimelineEntry[]): PlannedFault[] =>
    planFaults(
      {
        lab: loaded.lab,
        scenario: { ...loaded.scenario, timeline },
        courses: { profiles: {}, traces: {} },
        source: { ...loaded.source, placeOf: () => ({ file: '', line: 1, column: 1 }) },
      },
      topology,
    );
  const inForce = (faults: PlannedFault[], atMs: number) =>
    faults.filter((one) => one.atMs <= atMs && atMs < (one.untilMs ?? Infinity));

  /** Directions that a fault without a match takes for itself: the ends that send there. */
  const directions = (fault: PlannedFault): string[] => {
    if ('only' in fault && fault.only !== null) return [];
    const from = 'from' in fault ? fault.from : null;
    return (from === null ? fault.target.split('--') : [from]).map(
      (one) => `${fault.kind} ${fault.target} ${one}`,
    );
  };

  it('what is let through never asks two things of one direction at one moment; the rest is refused', () => {
    const counts = { letThrough: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), (entries) => {
        // By way of JSON, as keys that are undefined are none in a file.
        const data = JSON.parse(JSON.stringify(entries)) as unknown;
        const timeline = z.array(timelineEntrySchema).parse(data);
        const draft = draftOf({ timeline: data, duration: '40s' }, []);
        assert.equal(draft.timeline.length, entries.length);
        if (checkTimeline(draft, lab).length > 0) {
          counts.refused++;
          return;
        }
        counts.letThrough++;
        const faults = planned(timeline);
        for (let atMs = 0; atMs <= durationMs; atMs += 500) {
          const taken = inForce(faults, atMs).flatMap(directions);
          assert.equal(new Set(taken).size, taken.length, `at ${atMs}: ${taken.join(', ')}`);
        }
        assert.deepEqual(
          faults.map(({ atMs }) => atMs),
          faults.map(({ atMs }) => atMs).sort((a, b) => a - b),
        );
      }),
      { numRuns: 300 },
    );
    assert.ok(counts.letThrough > 0 && counts.refused > 0, JSON.stringify(counts));
  });

  const aLink: PlannedLink = {
    name: 'sbc--carrier-a',
    a: { node: 'sbc', interface: 'x' },
    b: { node: 'carrier-a', interface: 'y' },
    impaired: true,
  };
  const ends = () => fc.constantFrom(undefined, 'sbc', 'carrier-a');
  const composed = fc.oneof(
    fc.record({
      at: fc.constant('1s'),
      impair: fc.constant(aLink.name),
      from: ends(),
      delay: fc.constant('5ms'),
      only,
    }),
    fc.record({
      at: fc.constant('1s'),
      block: fc.constant(aLink.name),
      from: ends(),
      only: only.filter((match) => match !== undefined),
    }),
    fc.record({ at: fc.constant('1s'), cut: fc.constant(aLink.name) }),
  );

  it('overlapping entries come to the same state in whatever order they begin, and each that has a match is a rule', () => {
    let composedSome = 0;
    fc.assert(
      fc.property(fc.array(composed, { minLength: 1, maxLength: 5 }), fc.nat(), (entries, turn) => {
        const data = JSON.parse(JSON.stringify(entries)) as unknown;
        if (checkTimeline(draftOf({ timeline: data, duration: '40s' }, []), lab).length > 0) return;
        const faults = planned(z.array(timelineEntrySchema).parse(data)).filter(
          (fault) => !isNodeFault(fault),
        );
        const state = stateUnder(faults, aLink);
        const cut = turn % faults.length;
        assert.deepEqual(stateUnder([...faults.slice(cut), ...faults.slice(0, cut)], aLink), state);
        for (const [sender, direction] of [
          ['sbc', state.aToB],
          ['carrier-a', state.bToA],
        ] as const) {
          const here = faults.filter(
            (fault) => !('from' in fault) || fault.from === null || fault.from === sender,
          );
          const matches = here.flatMap((fault) =>
            'only' in fault && fault.only !== null ? [fault.only] : [],
          );
          assert.equal(direction.rules.length, matches.length);
          for (const match of matches)
            assert.ok(direction.rules.some((rule) => isDeepStrictEqual(rule.match, match)));
          const plain = here.some((fault) => fault.kind === 'impair' && fault.only === null);
          assert.equal(direction.otherwise.delay?.ms ?? 0, plain ? 5 : 0);
          assert.equal(
            direction.cut !== null,
            here.some(({ kind }) => kind === 'cut'),
          );
          const blocks = direction.rules.map(({ impairment }) => impairment.loss !== null);
          assert.deepEqual(
            blocks,
            [...blocks].sort((a, b) => Number(b) - Number(a)),
            'blocks first',
          );
          if (direction.rules.length > 1) composedSome++;
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(composedSome > 20, String(composedSome));
  });
});
