import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { z } from 'zod';
import { addressLab } from '../../src/plan/addresses.js';
import type { Topology } from '../../src/plan/addresses.js';
import { planCalls } from '../../src/plan/calls.js';
import { isNodeFault, planFaults } from '../../src/plan/faults.js';
import { nearestAttachment, routesOf } from '../../src/plan/routes.js';
import { stateUnder } from '../../src/faults/action.js';
import type { PlannedFault } from '../../src/plan/planned-fault.js';
import type { PlannedLink } from '../../src/plan/planned-lab.js';
import { checkTimeline } from '../../src/scenario/check-timeline.js';
import { draftOf } from '../../src/scenario/draft.js';
import { labSchema } from '../../src/scenario/lab-schema.js';
import type { Lab } from '../../src/scenario/lab-schema.js';
import { timelineEntrySchema } from '../../src/scenario/schema.js';
import type { TimelineEntry } from '../../src/scenario/schema.js';
import { loadText, scenarioText } from '../fixtures/inputs.js';

/** Any wiring of hosts, switches and routers, connected or not. */
const labs = fc
  .record({
    roles: fc.array(fc.constantFrom('phone', 'carrier', 'sbc', 'router', 'router', 'router', 'switch'), {
      minLength: 2,
      maxLength: 9,
    }),
    pairs: fc.uniqueArray(fc.tuple(fc.nat(8), fc.nat(8)), {
      minLength: 1,
      maxLength: 14,
      selector: ([a, b]) => (a < b ? `${a} ${b}` : `${b} ${a}`),
    }),
    longNames: fc.boolean(),
    extra: fc.nat(3),
  })
  .map(({ roles, pairs, longNames, extra }) => {
    const names = roles.map((role, index) => `${longNames ? 'a-host-with-a-long-name' : role}-${index}`);
    const links = pairs.flatMap(([a, b]) => {
      const [one, other] = [names[a], names[b]];
      if (one === undefined || other === undefined || a === b) return [];
      return [{ name: `${one}--${other}`, 'extra-addresses': extra > 0 ? { [one]: extra } : {} }];
    });
    return { names, roles, links };
  })
  .filter(({ links }) => links.length > 0)
  .map(({ names, roles, links }): Lab =>
    labSchema.parse({
      name: 'any',
      description: 'any',
      nodes: names.map((name, index) => ({ name, role: roles[index] })),
      links,
      trunks: [{ name: 'a', carrier: 'any' }],
      numbers: {},
    }),
  );

/** Sends a packet as the routes say; the nodes it passes, ending at the owner of the address, or null if it loops. */
function travel(topology: Topology, from: string, to: { address: string; segment: number }): string[] | null {
  const path = [from];
  while (path.length <= topology.attachments.length + 1) {
    const here = path.at(-1) ?? '';
    const own = topology.attachments.filter(({ node }) => node === here);
    if (own.some(({ addresses }) => addresses.includes(to.address))) return path;
    const direct = own.some(({ segment }) => segment === to.segment);
    const subnet = topology.segments[to.segment]?.subnet;
    const next = direct ? to.address : routesOf(topology, here).find((route) => route.to === subnet)?.via;
    const hop = topology.attachments.find(({ addresses }) => next !== undefined && addresses.includes(next));
    assert.ok(hop, `${here} knows no way to ${to.address}`);
    assert.ok(
      own.some(({ segment }) => segment === hop.segment),
      `${here} can't reach ${next} directly`,
    );
    assert.ok(direct || topology.routers.has(hop.node), `${hop.node} forwards nothing`);
    path.push(hop.node);
  }
  return null;
}

describe('addresses and routes, for any lab', () => {
  it('no two ends share an address, a MAC, or an interface name in a node', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const { attachments } = addressLab(lab);
        const unique = (all: string[]) => assert.equal(new Set(all).size, all.length, all.join(' '));
        unique(attachments.flatMap(({ addresses }) => addresses));
        unique(attachments.map(({ mac }) => mac));
        unique(attachments.map((one) => `${one.node} ${one.interface}`));
        assert.equal(attachments.length, lab.links.length * 2);
      }),
    );
  });

  it('every address is inside its segment and 198.18.0.0/15, and every name fits the kernel', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const { attachments, segments } = addressLab(lab);
        for (const { addresses, segment, interface: name, mac } of attachments) {
          assert.match(name, /^[a-z0-9_-]{1,15}$/);
          assert.match(mac, /^02(:[0-9a-f]{2}){5}$/);
          for (const address of addresses) {
            assert.match(address, /^198\.1[89]\.\d+\.\d+$/);
            assert.equal(`${address.slice(0, address.lastIndexOf('.'))}.0/24`, segments[segment]?.subnet);
          }
        }
      }),
    );
  });

  it('a switch has no address, every other end has', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const switches = lab.nodes.filter(({ role }) => role === 'switch').map(({ name }) => name);
        for (const { node, addresses } of addressLab(lab).attachments)
          assert.equal(addresses.length === 0, switches.includes(node));
      }),
    );
  });

  it('packets arrive by the routes, without a loop and through routers alone', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const topology = addressLab(lab);
        for (const { name: from } of lab.nodes.filter(({ role }) => role !== 'switch'))
          for (const { node, addresses, segment } of topology.attachments) {
            const [address] = addresses;
            const subnet = topology.segments[segment]?.subnet;
            const on = topology.attachments.some((one) => one.node === from && one.segment === segment);
            const known = on || routesOf(topology, from).some(({ to }) => to === subnet);
            if (address === undefined || !known) continue;
            const path = travel(topology, from, { address, segment });
            assert.ok(path, `loop from ${from} to ${address}`);
            assert.equal(path.at(-1), node);
          }
      }),
    );
  });

  it('the nearest address of a node is one that packets can get to', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const topology = addressLab(lab);
        const hosts = lab.nodes.filter(({ role }) => role !== 'switch');
        for (const { name: from } of hosts)
          for (const { name: to } of hosts) {
            const found = nearestAttachment(topology, to, from);
            const [address] = found?.addresses ?? [];
            if (found && address !== undefined)
              assert.equal(travel(topology, from, { address, segment: found.segment })?.at(-1), to);
          }
      }),
    );
  });
});

describe('calls, for any flows', () => {
  const flows = fc.array(
    fc.record({
      ratePerS: fc.double({ min: 0.05, max: 50, noNaN: true }),
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
