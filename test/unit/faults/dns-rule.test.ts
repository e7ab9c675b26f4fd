import assert from 'node:assert/strict';
import { ruleFor, withoutRule } from '../../../src/faults/dns-rule.js';
import { zoneGiving } from '../../../src/faults/zone-file.js';
import type { PlannedRecord } from '../../../src/plan/planned-lab.js';
import { record } from '../../fixtures/names.js';

const gw = record('gw.trunk.test', ['198.18.4.2']);
const srv = record('_sip._udp.trunk.test', ['10 100 5060 edge-a.test', '20 100 5060 edge-b.test'], 'SRV');

describe('what dnsdist is told', () => {
  it('about whatever is asked', () => {
    assert.equal(
      ruleFor('fault-1', { how: 'none' }, null),
      'addAction(AllRule(), DropAction(), {name="fault-1"})',
    );
    assert.match(ruleFor('fault-1', { how: 'slow', delayMs: 3000 }, null), /DelayAction\(3000\)/);
    assert.match(ruleFor('fault-1', { how: 'servfail' }, null), /RCodeAction\(DNSRCode\.SERVFAIL\)/);
  });

  it('about records: a name that is not there has none of any type', () => {
    assert.equal(
      ruleFor('fault-1', { how: 'nxdomain' }, [gw]),
      'addAction(QNameRule("gw.trunk.test."), RCodeAction(DNSRCode.NXDOMAIN), {name="fault-1"})',
    );
    assert.equal(
      ruleFor('fault-1', { how: 'changed', data: ['198.18.7.2'] }, [gw]),
      'addAction(AndRule({QNameRule("gw.trunk.test."), QTypeRule(DNSQType.A)}), SpoofAction({"198.18.7.2"}, {aa=false, ra=true, ttl=2}), {name="fault-1"})',
    );
  });

  it('of SRV, byte by byte', () => {
    const [first] = ruleFor('fault-1', { how: 'stale' }, [srv]).match(/"\\000\\010[^"]*"/) ?? [];
    assert.equal(
      first,
      '"\\000\\010\\000\\100\\019\\196\\006\\101\\100\\103\\101\\045\\097\\004\\116\\101\\115\\116\\000"',
    );
  });

  it('to take it all back', () => {
    assert.equal(withoutRule('fault-1', 2), 'rmRule("fault-1") rmRule("fault-1")');
  });

  it('is never what a name makes of it', () => {
    assert.throws(() => ruleFor('x"}) os.execute("', { how: 'none' }, null), /can't be said to dnsdist/);
  });
});

describe('a zone file', () => {
  const text = `$ORIGIN trunk.test.
@ 1 IN SOA ns.trunk.test. h.trunk.test. 1 60 30 3600 1
gw.trunk.test. 2 IN A 198.18.4.2
_sip._udp.trunk.test. 2 IN SRV 10 100 5060 edge-a.test.
_sip._udp.trunk.test. 2 IN SRV 20 100 5060 edge-b.test.
`;
  const lines = (of: string) => of.trimEnd().split('\n').sort();

  it('without a record, with another, and as it was', () => {
    assert.deepEqual(
      lines(text).filter((line) => !line.startsWith('gw')),
      lines(zoneGiving(text, gw, [])),
    );
    const other = zoneGiving(zoneGiving(text, gw, ['198.18.7.2']), srv, ['10 100 5060 edge-b.test']);
    assert.ok(lines(other).includes('gw.trunk.test. 2 IN A 198.18.7.2'));
    assert.ok(lines(other).includes('_sip._udp.trunk.test. 2 IN SRV 10 100 5060 edge-b.test.'));
    const back = [gw, srv].reduce((all: string, one: PlannedRecord) => zoneGiving(all, one, one.data), other);
    assert.deepEqual(lines(back), lines(text));
  });

  it('keeps other names and other types', () => {
    const other = record('gw.trunk.test', ['1 1 5060 x.test'], 'SRV');
    assert.deepEqual(lines(zoneGiving(text, other, [])), lines(text));
  });
});
