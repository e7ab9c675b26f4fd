import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import type { CompileOptions } from '../../../src/plan/compile.js';
import type { Plan } from '../../../src/plan/types.js';
import { edited, labText, loadText, loadWith, scenarioText } from '../../fixtures/inputs.js';

const options: CompileOptions = { seed: 7, defects: 'also', runtime: 'netns', emulator: 'wire', repeat: 1 };
const compile = (text = scenarioText, changes: Partial<CompileOptions> = {}) =>
  compilePlans(loadText(text), { ...options, ...changes });

function nodeOf(plan: Plan, name: string) {
  const node = plan.lab.nodes.find((one) => one.name === name);
  assert.ok(node, name);
  return node;
}

describe('compiling a plan', () => {
  let plan: Plan;
  let twin: Plan;
  before(() => {
    const plans = compile();
    assert.equal(plans.length, 2);
    [plan, twin] = plans as [Plan, Plan];
  });

  it('has the healthy run and a twin for each defect', () => {
    assert.deepEqual([plan.id, plan.expected, plan.defect], ['cut', 'pass', null]);
    assert.deepEqual([twin.id, twin.expected], ['cut@no-probing', 'fail']);
    assert.deepEqual(twin.defect, {
      name: 'no-probing',
      description: 'No probes',
      diagnosis: 'SLOW_DETECTION',
    });
    assert.deepEqual([plan.lab.values['probe-s'], twin.lab.values['probe-s']], [2, 0]);
  });

  it('has just the healthy run, or just the twins, if told so', () => {
    assert.deepEqual(
      compile(scenarioText, { defects: 'none' }).map(({ id }) => id),
      ['cut'],
    );
    assert.deepEqual(
      compile(scenarioText, { defects: 'only' }).map(({ id }) => id),
      ['cut@no-probing'],
    );
  });

  it('repeats with a seed and a folder of its own for each', () => {
    const plans = compile(scenarioText, { repeat: 2 });
    assert.deepEqual(
      plans.map(({ id }) => id),
      ['cut.1', 'cut.2', 'cut@no-probing.1', 'cut@no-probing.2'],
    );
    assert.equal(new Set(plans.map(({ seed }) => seed)).size, 4);
    assert.equal(plans[0]?.seed, plan.seed);
  });

  it('is the same for the same seed, and another for another', () => {
    const again = compile()[0];
    assert.deepEqual(
      { ...again, scenario: null, lab: { ...again?.lab, folder: '' } },
      { ...plan, scenario: null, lab: { ...plan.lab, folder: '' } },
    );
    const other = compile(scenarioText, { seed: 8 })[0];
    assert.notEqual(other?.seed, plan.seed);
    assert.notEqual(other?.calls[0]?.atMs, plan.calls[0]?.atMs);
  });

  it('numbers segments by link and hosts by node', () => {
    const addresses = plan.lab.nodes.flatMap(({ name, interfaces }) =>
      interfaces.map((one) => `${name}.${one.name} ${[one.address, ...one.extraAddresses].join(' ')}`.trim()),
    );
    assert.deepEqual(addresses, [
      'desk.lan 198.18.1.1',
      'lan.desk',
      'lan.ns',
      'lan.sbc',
      'ns.lan 198.18.1.2',
      'sbc.lan 198.18.1.3',
      'sbc.carrier-a 198.18.2.1',
      'sbc.edge-b 198.18.3.1',
      'carrier-a.sbc 198.18.2.2 198.18.2.3',
      'edge-b.sbc 198.18.3.2',
      'edge-b.carrier-b 198.18.4.1',
      'carrier-b.edge-b 198.18.4.2',
    ]);
  });

  it('routes through routers, and never through an SBC', () => {
    assert.deepEqual(nodeOf(plan, 'sbc').routes, [{ to: '198.18.4.0/24', via: '198.18.3.2' }]);
    assert.deepEqual(nodeOf(plan, 'carrier-b').routes, [{ to: '198.18.3.0/24', via: '198.18.4.1' }]);
    assert.deepEqual(nodeOf(plan, 'desk').routes, []);
    assert.deepEqual(
      plan.lab.nodes.filter(({ forwards }) => forwards).map(({ name }) => name),
      ['edge-b'],
    );
    assert.equal(nodeOf(plan, 'sbc').resolver, '198.18.1.2');
  });

  it('captures at phones, nameservers, carriers and both ends of an impaired link', () => {
    const captured = plan.lab.nodes.flatMap(({ name, interfaces }) =>
      interfaces.filter((one) => one.captured).map((one) => `${name}.${one.name}`),
    );
    assert.deepEqual(captured, ['desk.lan', 'ns.lan', 'sbc.carrier-a', 'carrier-a.sbc', 'carrier-b.edge-b']);
    assert.deepEqual(
      plan.lab.links.filter(({ impaired }) => impaired).map(({ name }) => name),
      ['sbc--carrier-a'],
    );
  });

  it("captures at the switch's end of an impaired link too", () => {
    const [impaired] = compile(edited(scenarioText, 'cut: sbc--carrier-a', 'cut: sbc--lan'));
    assert.ok(impaired);
    const captured = (name: string) => nodeOf(impaired, name).interfaces.map((one) => one.captured);
    assert.deepEqual(
      [captured('lan'), captured('sbc')],
      [
        [false, false, true],
        [true, false, false],
      ],
    );
  });

  it('gives trunks in order, with every address of the carrier', () => {
    assert.deepEqual(plan.lab.trunks, [
      {
        name: 'a',
        carrier: 'carrier-a',
        alerting: '180',
        digits: 'rfc4733',
        addresses: ['198.18.2.2', '198.18.2.3'],
      },
      {
        name: 'b',
        carrier: 'carrier-b',
        alerting: 'early-media',
        digits: 'rfc4733',
        addresses: ['198.18.4.2'],
      },
    ]);
  });

  it('fills in commands, readiness and configs', () => {
    const [proxy] = nodeOf(plan, 'sbc').programs;
    assert.deepEqual(proxy, {
      name: 'proxy',
      command: ['proxy', '--listen', '198.18.1.3', '--probe', '2'],
      ready: { kind: 'sip-options', address: '198.18.1.3', port: 5060 },
      configs: [
        {
          file: 'proxy.cfg',
          text: 'probe=2\na=198.18.2.2,198.18.2.3\nb=198.18.4.2 in 198.18.4.0/24 by edge-b\nlax & +12025550100\n',
        },
      ],
    });
  });

  it('knows each kind of readiness', () => {
    const ready = (yaml: string) => {
      const lab = edited(labText, `{ sip-options: { address: '{{ip "sbc" "desk"}}', port: 5060 } }`, yaml);
      return compilePlans(loadWith({ 'lab/two-lines/lab.yaml': lab }), options)[0]?.lab.nodes[3]?.programs[0]
        ?.ready;
    };
    assert.deepEqual(ready('exits'), { kind: 'exits' });
    assert.deepEqual(ready('{ udp-bound: 53 }'), { kind: 'udp-bound', port: 53 });
    assert.deepEqual(ready(`{ command: [ask, '{{ip "ns"}}'], matches: ok }`), {
      kind: 'command',
      command: ['ask', '198.18.1.2'],
      matches: 'ok',
    });
  });

  it('takes values of the scenario over defaults, and of the defect over both', () => {
    const banner = `<"&'>`;
    const text = edited(scenarioText, 'tags: [dr]', 'values: { probe-s: 5, strict: true }');
    const plans = compile(text);
    assert.deepEqual(
      plans.map(({ lab }) => lab.values),
      [
        { 'probe-s': 5, strict: true, banner },
        { 'probe-s': 0, strict: true, banner },
      ],
    );
    assert.match(nodeOf(plans[0] as Plan, 'sbc').programs[0]?.configs[0]?.text ?? '', /strict &/);
  });
});
