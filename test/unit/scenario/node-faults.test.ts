import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import { edited, errorsOf, labText, loadText, loadWith, scenarioText } from '../../fixtures/inputs.js';

const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';
const textWith = (...entries: string[]) =>
  edited(scenarioText, fault, entries.map((entry) => `{ ${entry} }`).join('\n  - '));
const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
const faults = (...entries: string[]): PlannedFault[] =>
  compilePlans(loadText(textWith(...entries)), options)[0]?.faults ?? [];
const times = (...entries: string[]) =>
  faults(...entries).map(({ target, atMs, untilMs }) => [target, atMs, untilMs]);

describe('faults of nodes in scenario files', () => {
  it('are planned with all that they say', () => {
    const [power, freeze, starve, crash] = faults(
      'at: 1s, power: carrier-a, for: 4s, ups: 1s, boot-delay: 500ms',
      'at: 10s, freeze: carrier-a, for: 2s',
      'at: 13s, starve: sbc, cpu: 5%, for: 2s',
      'at: 16s, crash: sbc, program: proxy, signal: SEGV, restart-after: 2s',
    );
    const what = ({ id, entry, place, ...rest }: PlannedFault) => {
      assert.ok(id && place.line > 10 && entry >= 0);
      return rest;
    };
    assert.deepEqual(
      [power, freeze, starve, crash].map((one) => what(one as PlannedFault)),
      [
        { kind: 'power', target: 'carrier-a', upsMs: 1000, bootDelayMs: 500, atMs: 2000, untilMs: 5500 },
        { kind: 'freeze', target: 'carrier-a', atMs: 10_000, untilMs: 12_000 },
        { kind: 'starve', target: 'sbc', cpuShare: 0.05, atMs: 13_000, untilMs: 15_000 },
        { kind: 'crash', target: 'sbc', program: 'proxy', signal: 'SEGV', atMs: 16_000, untilMs: 18_000 },
      ],
    );
  });

  it('of several nodes begin together, and the nodes come back in order', () => {
    assert.deepEqual(times('at: 1s, power: [carrier-a, sbc, edge-b], for: 4s, boot-delay: 1s, gap: 2s'), [
      ['carrier-a', 1000, 6000],
      ['sbc', 1000, 8000],
      ['edge-b', 1000, 10_000],
    ]);
  });

  it('that come again before the node is on again are one darkness', () => {
    const brownOut = (bootDelay: string) =>
      times(`at: 1s, power: carrier-a, for: 1s, boot-delay: ${bootDelay}, repeat: { times: 3, every: 3s }`);
    assert.deepEqual(brownOut('1s'), [
      ['carrier-a', 1000, 3000],
      ['carrier-a', 4000, 6000],
      ['carrier-a', 7000, 9000],
    ]);
    assert.deepEqual(brownOut('2s'), [['carrier-a', 1000, 10_000]]);
  });

  it("let captures run at all of the node's interfaces", () => {
    const [plan] = compilePlans(loadText(textWith('at: 1s, power: sbc, for: 4s')), options);
    const sbc = plan?.lab.nodes.find(({ name }) => name === 'sbc');
    assert.deepEqual(
      sbc?.interfaces.map(({ captured }) => captured),
      [true, true, true],
    );
    assert.ok(plan?.lab.links.every(({ impaired }) => !impaired));
  });

  const wrong: [name: string, entries: string[], expected: string][] = [
    [
      'an unknown node',
      ['at: 1s, power: carier-a, for: 4s'],
      'cut.yaml:11:22 NODE_UNKNOWN the lab "two-lines" has no node "carier-a". Did you mean "carrier-a"?',
    ],
    [
      'an unknown node in a list',
      ['at: 1s, power: [sbc, edgeb], for: 4s'],
      'cut.yaml:11:28 NODE_UNKNOWN the lab "two-lines" has no node "edgeb". Did you mean "edge-b"?',
    ],
    [
      'a node twice',
      ['at: 1s, power: [sbc, sbc], for: 4s'],
      'cut.yaml:11:28 NAME_DUPLICATE "sbc" is there already.',
    ],
    [
      'a switch',
      ['at: 1s, freeze: lan, for: 4s'],
      'cut.yaml:11:23 SWITCH_RUNS_NOTHING lan is a switch, and a switch runs nothing that could fail. Cut the links that are plugged into it.',
    ],
    [
      'who places calls',
      ['at: 1s, power: carrier-b, for: 4s'],
      'cut.yaml:11:22 FAULT_OF_CALLER carrier-b places the calls of the flow "in", and who places calls is what measures. Let another node place them, or take another node.',
    ],
    [
      'a battery that outlasts the outage',
      ['at: 1s, power: sbc, for: 30s, ups: 30s'],
      'cut.yaml:11:42 UPS_OUTLASTS a battery for 30s outlasts an outage of 30s, so nothing would happen. Give an outage of more than 30s, or a smaller battery.',
    ],
    [
      'a boot delay of a node that never boots',
      ['at: 1s, power: sbc, boot-delay: 3s'],
      'cut.yaml:11:39 POWER_STAYS_AWAY without "for" the power never comes back, so a boot-delay has no meaning. Add "for: 10s".',
    ],
    [
      'a gap after one node',
      ['at: 1s, power: sbc, for: 3s, gap: 3s'],
      'cut.yaml:11:41 GAP_OF_ONE a gap is between the nodes of a list.',
    ],
    [
      'an unknown program',
      ['at: 1s, crash: sbc, program: prox'],
      'cut.yaml:11:36 PROGRAM_UNKNOWN sbc has no program "prox". Did you mean "proxy"?',
    ],
    [
      'a program of a node that runs none',
      ['at: 1s, crash: edge-b, program: proxy'],
      'cut.yaml:11:39 PROGRAM_UNKNOWN edge-b has no program "proxy". There are no programs that could crash.',
    ],
    [
      'too little time to be a limit',
      ['at: 1s, starve: sbc, cpu: 0.5%, for: 2s'],
      'cut.yaml:11:33 CPU_TOO_LITTLE the kernel can leave a node 1% of a processor, and no less. Use "freeze" for none at all.',
    ],
    [
      'two faults of one node at once',
      ['at: 1s, power: sbc, for: 4s', 'at: 4s, freeze: sbc, for: 3s'],
      "cut.yaml:12:5 FAULTS_CONTRADICT this fault of sbc overlaps with entry 1 of the timeline, and the two can't both hold. Let one end before the other begins.",
    ],
    [
      'a fault of a link to a node that is off',
      ['at: 1s, cut: sbc--carrier-a, for: 4s', 'at: 4s, power: carrier-a, for: 3s'],
      'cut.yaml:12:5 FAULTS_CONTRADICT this fault of carrier-a overlaps with entry 1 of the timeline, and the link has no carrier while carrier-a is off. Let one end before the other begins.',
    ],
    [
      'a repeated crash without an end',
      ['at: 1s, crash: sbc, program: proxy, repeat: { times: 2, every: 9s }'],
      'cut.yaml:11:43 REPEAT_ENDLESS a repeated fault needs a length. Add "restart-after: 3s".',
    ],
    [
      'a return after the end of traffic',
      ['at: 30s, power: sbc, for: 8s, boot-delay: 3s'],
      'cut.yaml:11:33 FAULT_PAST_END the fault lasts until 41s, past the end of traffic at 40s. Leave "for" out for a fault that lasts to the end, or give the scenario a longer "duration".',
    ],
  ];
  for (const [name, entries, expected] of wrong)
    it(`refuses ${name}`, () => {
      assert.deepEqual(
        errorsOf(() => loadText(textWith(...entries))),
        [expected],
      );
    });

  it('refuses a program that sets something up and ends', () => {
    const lab = edited(
      labText,
      '        ready: { sip-options: { address: \'{{ip "sbc" "desk"}}\', port: 5060 } }\n',
      '        ready: exits\n',
    );
    const files = {
      'lab/two-lines/lab.yaml': lab,
      'scenarios/cut.yaml': textWith('at: 1s, crash: sbc, program: proxy'),
    };
    assert.match(
      errorsOf(() => loadWith(files)).join(),
      /PROGRAM_ENDS_ITSELF proxy sets something up and ends/,
    );
  });

  it('lets two programs crash in one node, and faults of two nodes overlap', () => {
    assert.equal(faults('at: 1s, power: carrier-a, for: 4s', 'at: 2s, freeze: sbc, for: 4s').length, 2);
  });

  it('refuses to wait for a node that never loses its power', () => {
    const text = edited(scenarioText, '- one-way-audio: none', '- back-in-service: { within: 20s }');
    assert.match(
      errorsOf(() => loadText(text)).join(),
      /EXPECTATION_IMPOSSIBLE no node loses its power and gets it back/,
    );
  });
});
