import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { edited, errorsOf, labText, loadWith, scenarioText } from '../../fixtures/inputs.js';

/** The standard lab, whose second carrier is behind an edge with a certificate. */
const withCertificates = edited(
  edited(
    edited(
      labText,
      'nodes:\n',
      `authorities: [carriers-ca, new-ca]
certificates:
  edge: { name: '{{values.edge-host}}', issuer: '{{values.edge-issuer}}', valid: '{{values.edge-valid}}' }
nodes:
`,
    ),
    '  - { name: edge-b, role: router }\n',
    `  - { name: edge-b, role: router, certificates: [edge], programs: [{ name: tls, run: [tls], ready: exits }] }\n`,
  ),
  'values:\n',
  `values:
  edge-host: { default: b.test, description: Host }
  edge-issuer: { default: carriers-ca, description: Issuer }
  edge-valid: { default: current, description: Time }
`,
).replace('    resolver: ns\n', '    resolver: ns\n    trusts: [carriers-ca]\n');

const load = (lab: string, scenario = scenarioText) =>
  loadWith({ 'lab/two-lines/lab.yaml': lab, 'scenarios/cut.yaml': scenario });
const compile = (lab: string, scenario?: string) => {
  const [plan] = compilePlans(load(lab, scenario), {
    ...{ seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 },
  });
  assert.ok(plan);
  return plan;
};
const withValue = (value: string) => edited(scenarioText, 'expect:', `values: { ${value} }\nexpect:`);
const node = (plan: ReturnType<typeof compile>, name: string) =>
  plan.lab.nodes.find((one) => one.name === name);

describe('certificates in a plan', () => {
  it('are planned with their host, issuer and time, and never made there', () => {
    const plan = compile(withCertificates);
    assert.deepEqual(plan.lab.identities, {
      authorities: ['carriers-ca', 'new-ca'],
      certificates: [{ name: 'edge', host: 'b.test', issuer: 'carriers-ca', days: { from: -30, to: 335 } }],
    });
    assert.deepEqual(node(plan, 'edge-b')?.identity, { certificates: ['edge'], trusts: [] });
    assert.deepEqual(node(plan, 'sbc')?.identity, { certificates: [], trusts: ['carriers-ca'] });
    assert.ok(
      node(plan, 'edge-b')?.interfaces.every(({ captured }) => captured),
      'who shows one is a witness',
    );
    assert.equal(compile(labText).lab.identities, undefined);
  });

  it('follow the values that a scenario or a defect sets', () => {
    const planned = (value: string) =>
      compile(withCertificates, withValue(value)).lab.identities?.certificates[0];
    const { to = 0 } = planned('edge-valid: expired')?.days ?? {};
    assert.ok(to < 0);
    assert.ok((planned('edge-valid: not-yet')?.days.from ?? 0) > 0);
    assert.equal(planned('edge-host: other.test')?.host, 'other.test');
    assert.equal(planned('edge-issuer: new-ca')?.issuer, 'new-ca');
  });

  const values: [value: string, error: string][] = [
    [
      'edge-valid: expird',
      'lab.yaml:5:82 CERTIFICATE_INVALID "expird" says nothing of a time. Did you mean "expired"?',
    ],
    [
      'edge-issuer: old-ca',
      'lab.yaml:5:49 CERTIFICATE_INVALID the lab has no authority "old-ca". There is: carriers-ca, new-ca.',
    ],
    ['edge-host: b_test', 'lab.yaml:5:17 CERTIFICATE_INVALID "b_test" is no name of a host.'],
  ];
  for (const [value, error] of values)
    it(`refuse ${value}, at its place`, () => {
      const [first = ''] = errorsOf(() => compile(withCertificates, withValue(value)));
      assert.ok(first.startsWith(error), first);
    });

  const labs: [what: string, from: string, to: string, error: string][] = [
    [
      'a certificate that is not there',
      'certificates: [edge]',
      'certificates: [egde]',
      'CERTIFICATE_UNKNOWN the lab has no certificate "egde". Did you mean "edge"?',
    ],
    [
      'an authority that is not there',
      'trusts: [carriers-ca]',
      'trusts: [carrier-ca]',
      'CERTIFICATE_UNKNOWN the lab has no authority "carrier-ca". Did you mean "carriers-ca"?',
    ],
    [
      'a node that could not use it',
      ', programs: [{ name: tls, run: [tls], ready: exits }]',
      '',
      'CERTIFICATE_UNUSED',
    ],
    ['two authorities of one name', 'new-ca]', 'carriers-ca]', 'NAME_DUPLICATE'],
    ['an authority named as a certificate', 'new-ca]', 'edge]', 'NAME_DUPLICATE'],
  ];
  for (const [what, from, to, error] of labs)
    it(`refuse ${what}`, () => {
      const [first = ''] = errorsOf(() => load(edited(withCertificates, from, to)));
      assert.match(first, /^lab\.yaml:\d+:\d+ /);
      assert.ok(first.includes(error), first);
    });
});

describe('shared addresses in a plan', () => {
  const pair = (members = '[sbc, sbc-2]', name = 'pair') =>
    edited(
      edited(labText, 'nodes:\n', `shared-addresses: { ${name}: ${members} }\nnodes:\n`),
      '  - { name: carrier-a, role: carrier }\n',
      '  - { name: sbc-2, role: sbc }\n  - { name: carrier-a, role: carrier }\n',
    ).replace('  - sbc--lan\n', '  - sbc--lan\n  - sbc-2--lan\n');

  it('are one on each segment that all of the nodes are on; calls go there, and templates know it by its name', () => {
    const text = edited(pair(), `--listen, '{{ip "sbc" "desk"}}'`, `--listen, '{{ip "pair" "desk"}}'`);
    const plan = compile(text);
    const [shared] = plan.lab.shared ?? [];
    assert.deepEqual([shared?.name, shared?.nodes, shared?.addresses.length], ['pair', ['sbc', 'sbc-2'], 1]);
    const [address = ''] = shared?.addresses ?? [];
    const all = plan.lab.nodes.flatMap(({ interfaces }) => interfaces);
    assert.ok(all.every((iface) => iface.address !== address && !iface.extraAddresses.includes(address)));
    assert.deepEqual(
      all.filter(({ sharedAddress }) => sharedAddress === address).map(({ link }) => link),
      ['sbc--lan', 'sbc-2--lan'],
    );
    assert.equal(plan.flows.find(({ name }) => name === 'out')?.proxy.address, address);
    assert.deepEqual(node(plan, 'sbc')?.programs[0]?.command.slice(0, 3), ['proxy', '--listen', address]);
    assert.equal(compile(labText).lab.shared, undefined);
  });

  const cases: [what: string, lab: string, error: string][] = [
    [
      'a node that is not there',
      pair('[sbc, sbc-3]'),
      'NODE_UNKNOWN the lab has no node "sbc-3". Did you mean "sbc-2"?',
    ],
    [
      'the name of a node',
      pair('[sbc, sbc-2]', 'desk'),
      'NAME_DUPLICATE there is a node named "desk" already.',
    ],
    ['a node twice', pair('[sbc, sbc]'), 'NAME_DUPLICATE "sbc" shares an address already.'],
    ['one node alone', pair('[sbc]'), 'at least two nodes'],
    ['a switch', pair('[sbc, lan]'), 'NODE_UNKNOWN'],
  ];
  for (const [what, lab, error] of cases)
    it(`refuse ${what}`, () => {
      const [first = ''] = errorsOf(() => load(lab));
      assert.match(first, /^lab\.yaml:3:\d+ /);
      assert.ok(first.includes(error), first);
    });

  it('an expectation of a takeover needs a node that shares one and loses its power', () => {
    const expecting = (fault: string) =>
      edited(
        edited(scenarioText, '{ at: 8s, cut: sbc--carrier-a, for: 10s }', fault),
        'expect:\n',
        `expect:\n  - takeover: { within: 3s, calls-kept: '>= 100%' }\n`,
      );
    assert.match(
      errorsOf(() => load(pair(), expecting('{ at: 8s, power: carrier-a, for: 10s }')))[0] ?? '',
      /EXPECTATION_IMPOSSIBLE no node with a shared address loses its power/,
    );
    const { expectations } = compile(pair(), expecting('{ at: 8s, power: sbc, for: 10s }'));
    assert.deepEqual(
      expectations.flatMap((one) =>
        one.kind === 'takeover' ? [[one.id, one.withinMs, one.bound.value]] : [],
      ),
      [
        ['e1-takeover-time', 3000, 3000],
        ['e1-takeover-calls-kept', 3000, 1],
      ],
    );
  });
});
