import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { dnsWords } from '../../../src/plan/words.js';
import { edited, errorsOf, labText, loadWith, scenarioText } from '../../fixtures/inputs.js';

const zone = `zone:
  name: trunk.test
  authority: ns
  records:
    - { name: gw.trunk.test, type: A, ttl: 2s, gives: [carrier-a] }
    - { name: _sip._udp.trunk.test, type: SRV, ttl: 4s, gives: ['10 100 5060 gw.trunk.test'] }
values:
`;
const program = 'programs: [{ name: dnsdist, run: [dnsdist], ready: { udp-bound: 53 } }]';
const lab = edited(
  edited(labText, 'values:\n', zone),
  '{ name: ns, role: nameserver }',
  `{ name: ns, role: nameserver, ${program} }\n  - { name: resolver, role: nameserver, ${program} }\n  - { name: old, role: nameserver }`,
).replace('  - ns--lan\n', '  - ns--lan\n  - resolver--lan\n  - old--lan\n');
const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';
const files = (entries: string[], ofLab = lab) => ({
  'lab/two-lines/lab.yaml': ofLab,
  'scenarios/cut.yaml': edited(scenarioText, fault, entries.map((entry) => `{ ${entry} }`).join('\n  - ')),
});
const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
const planned = (...entries: string[]) => {
  const [plan] = compilePlans(loadWith(files(entries)), options);
  assert.ok(plan);
  return plan;
};

describe('DNS faults in scenario files', () => {
  it('are planned with the records they are about', () => {
    const { faults, lab: of } = planned(
      'at: 1s, dns: resolver, reply: slow, delay: 3s, for: 2s',
      'at: 4s, dns: ns, record: trunk.test, reply: nxdomain, for: 2s',
      'at: 7s, dns: ns, record: gw.trunk.test A, reply: changed, gives: [carrier-b], for: 2s',
      'at: 10s, dns: resolver, record: gw.trunk.test, reply: stale, for: 2s',
    );
    assert.deepEqual(
      faults.map((one) => one.kind === 'dns' && [one.target, one.record, one.records.length, dnsWords(one)]),
      [
        ['resolver', null, 2, 'slow by 3s'],
        ['ns', 'trunk.test', 2, 'NXDOMAIN for trunk.test'],
        ['ns', 'gw.trunk.test', 1, 'gw.trunk.test gives 198.18.4.2'],
        ['resolver', 'gw.trunk.test', 1, 'gw.trunk.test stays what it was'],
      ],
    );
    const address = of.nodes.find(({ name }) => name === 'carrier-a')?.interfaces[0]?.address ?? '';
    assert.deepEqual(of.zone?.records[0], { name: 'gw.trunk.test', type: 'A', ttlS: 2, data: [address] });
  });

  it('make witnesses of nameservers', () => {
    const ns = planned('at: 1s, cut: sbc--carrier-a, for: 1s').lab.nodes.find(({ name }) => name === 'ns');
    assert.deepEqual(
      ns?.interfaces.map(({ captured }) => captured),
      [true],
    );
  });

  const wrong: [name: string, entry: string, expected: RegExp][] = [
    [
      'of an unknown node',
      'at: 1s, dns: resolve, reply: none',
      /:11:20 NODE_UNKNOWN .* Did you mean "resolver"/,
    ],
    [
      'of what is no nameserver',
      'at: 1s, dns: sbc, reply: none',
      /:11:20 ROLE_WRONG sbc is a sbc, and only a nameserver/,
    ],
    [
      'of a server without a front',
      'at: 1s, dns: old, reply: none',
      /:11:20 DNSDIST_MISSING old has no program "dnsdist"/,
    ],
    [
      'of an unknown answer',
      'at: 1s, dns: ns, reply: nxdomian',
      /:11:31 VALUE_INVALID .* Did you mean "nxdomain"/,
    ],
    [
      'of an unknown record',
      'at: 1s, dns: ns, reply: nxdomain, record: gv.trunk.test',
      /:11:49 RECORD_UNKNOWN the zone trunk\.test has no record "gv\.trunk\.test"\. Did you mean "gw\.trunk\.test"/,
    ],
    [
      'of a type that the name does not have',
      'at: 1s, dns: ns, reply: nxdomain, record: gw.trunk.test SRV',
      /:11:49 RECORD_UNKNOWN .* has no record "gw\.trunk\.test SRV"/,
    ],
    ['of no record', 'at: 1s, dns: ns, reply: nxdomain', /:11:31 KEY_MISSING "nxdomain" needs "record"/],
    [
      'without a delay',
      'at: 1s, dns: ns, reply: slow',
      /:11:31 KEY_MISSING "slow" needs "delay"\. Add "delay: 3s"/,
    ],
    [
      'with a delay of nothing',
      'at: 1s, dns: ns, reply: none, delay: 3s',
      /:11:37 KEY_NOT_ALLOWED "none" has no use for "delay"/,
    ],
    [
      'of two records at once',
      'at: 1s, dns: ns, reply: changed, record: trunk.test, gives: [carrier-b]',
      /:11:48 RECORD_AMBIGUOUS "trunk\.test" is gw\.trunk\.test A, _sip\._udp\.trunk\.test SRV/,
    ],
    [
      'that change nothing',
      'at: 1s, dns: ns, reply: changed, record: gw.trunk.test, gives: [carrier-a]',
      /:11:70 RECORD_UNCHANGED gw\.trunk\.test A gives that already/,
    ],
    [
      'that give no host',
      'at: 1s, dns: ns, reply: changed, record: gw.trunk.test, gives: [carrier-c]',
      /:11:71 NODE_UNKNOWN .* has no host "carrier-c"/,
    ],
    [
      'that give what is no SRV data',
      "at: 1s, dns: ns, reply: changed, record: _sip._udp.trunk.test, gives: ['10 5060 x.test']",
      /:11:78 RECORD_INVALID expected "priority weight port target"/,
    ],
    [
      'of an authority that should be stale',
      'at: 1s, dns: ns, reply: stale, record: gw.trunk.test',
      /:11:31 AUTHORITY_NOT_STALE ns is the authority of trunk\.test/,
    ],
  ];
  for (const [name, entry, expected] of wrong)
    it(`are refused ${name}`, () => {
      const errors = errorsOf(() => loadWith(files([entry])));
      assert.equal(errors.length, 1, errors.join('\n'));
      assert.match(errors[0] ?? '', expected);
    });

  it('are refused in a lab without a zone', () => {
    const bare = lab.replace(/zone:[^]*?values:/, 'values:');
    assert.match(
      errorsOf(() => loadWith(files(['at: 1s, dns: ns, reply: none'], bare))).join(),
      /ZONE_MISSING the lab "two-lines" has no zone/,
    );
  });

  it('of one server overlap only if they are about different records', () => {
    const both = (one: string, other: string) =>
      errorsOf(() =>
        loadWith(files([`at: 1s, dns: ns, for: 4s, ${one}`, `at: 3s, dns: ns, for: 4s, ${other}`])),
      ).join();
    assert.equal(
      both('reply: nxdomain, record: gw.trunk.test', 'reply: nxdomain, record: _sip._udp.trunk.test'),
      '',
    );
    assert.match(
      both('reply: nxdomain, record: trunk.test', 'reply: nxdomain, record: gw.trunk.test'),
      /FAULTS_CONTRADICT/,
    );
    assert.match(
      both('reply: nxdomain, record: gw.trunk.test', 'reply: nxdomain, record: trunk.test'),
      /FAULTS_CONTRADICT/,
    );
    assert.match(both('reply: none', 'reply: nxdomain, record: gw.trunk.test'), /FAULTS_CONTRADICT/);
  });

  const wrongZone: [name: string, from: string, to: string, expected: RegExp][] = [
    [
      'an authority that is none',
      'authority: ns',
      'authority: sbc',
      /ROLE_WRONG expected a nameserver, not "sbc"/,
    ],
    [
      'a record outside',
      'name: gw.trunk.test,',
      'name: gw.test,',
      /RECORD_OUTSIDE "gw\.test" is not in the zone/,
    ],
    [
      'a record twice',
      'name: _sip._udp.trunk.test, type: SRV, ttl: 4s, gives: [',
      'name: gw.trunk.test, type: A, ttl: 4s, gives: [carrier-b, ',
      /NAME_DUPLICATE gw\.trunk\.test A is there already/,
    ],
    [
      'an unknown host',
      'gives: [carrier-a]',
      'gives: [carier-a]',
      /NODE_UNKNOWN .* "carier-a"\. Did you mean "carrier-a"/,
    ],
  ];
  for (const [name, from, to, expected] of wrongZone)
    it(`zones are refused with ${name}`, () => {
      assert.match(
        errorsOf(() => loadWith(files(['at: 1s, dns: ns, reply: none'], edited(lab, from, to)))).join('\n'),
        expected,
      );
    });
});
