import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { findScenarios } from '../../../src/scenario/find.js';
import { edited, errorsOf, inputFolder, labText, loadText, scenarioText } from '../../fixtures/inputs.js';

const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';
const inbound = '{ name: in, from: carrier-b, to: desk, rate: 30/m, hold: 5s }';
const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
const planOf = (text: string) => {
  const [plan] = compilePlans(loadText(text), options);
  assert.ok(plan);
  return plan;
};
const withFault = (entry: string) => edited(scenarioText, fault, `{ ${entry} }`);
const withFlow = (entry: string) => edited(scenarioText, inbound, `{ ${entry}, rate: 30/m, hold: 5s }`);
const refuses = (text: string, ...expected: string[]) =>
  assert.deepEqual(
    errorsOf(() => loadText(text)),
    expected,
  );

describe('answers that change', () => {
  it('are planned, of who places calls too', () => {
    const [planned] = planOf(withFault('at: 8s, answer: carrier-b, invite: 503, for: 10s')).faults;
    assert.deepEqual(
      planned?.kind === 'answer' && [planned.target, planned.invite, planned.options, planned.untilMs],
      ['carrier-b', 503, null, 18_000],
    );
  });

  it('must be of who answers, change something, and end before it stands still', () => {
    refuses(
      withFault('at: 8s, answer: sbc, invite: 503'),
      'cut.yaml:11:23 ANSWERS_ITSELF the answers of sbc are its own: it is a sbc. There is: desk, carrier-a, carrier-b.',
    );
    refuses(
      withFault('at: 8s, answer: carrier-a, options: 200'),
      'cut.yaml:11:23 ANSWER_UNCHANGED calls are taken and probes get 200, as ever, so nothing would happen. Add "invite: 503" or "options: 404".',
    );
    refuses(
      withFault('at: 8s, answer: carrier-a, invite: 200'),
      'cut.yaml:11:42 VALUE_INVALID expected a final response that refuses, from 400 to 699, such as 503, not 200.',
    );
    refuses(
      withFault(
        'at: 8s, answer: carrier-a, invite: 503, for: 4s }\n  - { at: 9s, freeze: carrier-a, for: 1s',
      ),
      "cut.yaml:12:5 FAULTS_CONTRADICT this fault of carrier-a overlaps with entry 1 of the timeline, and the two can't both hold. Let one end before the other begins.",
    );
  });
});

describe('calls that another carrier delivers', () => {
  it('are planned with its proxy, and with media ports that are free at both', () => {
    const other = '{ name: other, from: carrier-b, to: desk, rate: 1/s, hold: 5s }';
    const text = withFlow('name: in, from: carrier-a, else-from: carrier-b, to: desk');
    const plan = planOf(edited(text, 'timeline:', `  - ${other}\ntimeline:`));
    const flow = plan.flows.find(({ name }) => name === 'in');
    assert.equal(flow?.alternate?.from, 'carrier-b');
    assert.notEqual(flow.alternate.proxy.address, flow.proxy.address);
    const ports = plan.calls.filter((call) => call.flow !== 'out').map((call) => call.callerMediaPort);
    assert.equal(new Set(ports).size, ports.length);
  });

  it('are inbound, and of two different carriers', () => {
    const at = (entry: string) => errorsOf(() => loadText(withFlow(entry))).join();
    assert.match(
      at('name: in, from: desk, else-from: carrier-b, to: carrier-number'),
      /FLOW_ENDS_INVALID.*delivered by no carrier/,
    );
    assert.match(
      at('name: in, from: carrier-b, else-from: carrier-b, to: desk'),
      /FLOW_ENDS_INVALID carrier-b delivers/,
    );
    assert.match(
      at('name: in, from: carrier-b, else-from: sbc, to: desk'),
      /FLOW_ENDS_INVALID a sbc such as "sbc"/,
    );
    assert.match(
      at('name: in, from: carrier-b, else-from: carier-a, to: desk'),
      /NODE_UNKNOWN.*Did you mean "carrier-a"/,
    );
  });
});

describe('trunks of a scenario', () => {
  it('speak as it says, and else as the lab has it', () => {
    const { trunks } = planOf(
      edited(scenarioText, 'duration: 40s', 'duration: 40s\ntrunks: { b: { codec: PCMA } }'),
    ).lab;
    assert.deepEqual(
      trunks.map(({ name, codec }) => [name, codec]),
      [
        ['a', undefined],
        ['b', 'PCMA'],
      ],
    );
  });

  it('must be there', () => {
    refuses(
      edited(scenarioText, 'duration: 40s', 'duration: 40s\ntrunks: { c: { codec: PCMA } }'),
      'cut.yaml:7:11 TRUNK_UNKNOWN the lab "two-lines" has no trunk "c". There is: a, b.',
    );
  });
});

describe('twins for some tags only', () => {
  const tagged = (tags: string) =>
    edited(
      edited(scenarioText, 'tags: [dr]', 'tags: [dr, tour]'),
      'SLOW_DETECTION }',
      `SLOW_DETECTION, tags: [${tags}] }`,
    );

  it('are left out where the tags asked for are others', () => {
    const { folder, dispose } = inputFolder({
      'lab/two-lines/lab.yaml': labText,
      'lab/two-lines/sbc/proxy.cfg.hbs': '',
      'scenarios/cut.yaml': tagged('dr'),
    });
    try {
      const twins = (...tags: string[]) =>
        findScenarios([`${folder}/scenarios`], { tags })[0]?.scenario.defects.length;
      assert.deepEqual([twins(), twins('dr'), twins('tour'), twins('tour', 'dr')], [1, 1, 0, 1]);
    } finally {
      dispose();
    }
  });

  it('have tags of the scenario', () => {
    assert.match(errorsOf(() => loadText(tagged('drr'))).join(), /TAG_NOT_OF_SCENARIO .*Did you mean "dr"/);
  });
});
