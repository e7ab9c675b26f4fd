import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import type { StartedNode } from '../../../src/lab/runtime.js';
import type { Plan } from '../../../src/plan/types.js';
import { edited } from '../../fixtures/inputs.js';
import { faultProofs, held, planIn, reasons, run } from './timeline-stand.js';

const shipped = (file: string) => readFileSync(join(packageFolder(), 'lab', file), 'utf8');

/** The nameservers of named-trunks as they are shipped, and nobody who calls. */
function planOf(duration: string, entries: string[]): Plan {
  const whole = shipped('named-trunks/lab.yaml');
  const programs = /      - name: resolv-conf[^]*?(?=  - \{ name: edge,)/.exec(whole)?.[0] ?? '';
  const lab = edited(edited(whole, programs, ''), '    image: sbc\n    programs:\n', '');
  const configs = ['ns/nsd.conf.hbs', 'ns/trunk.test.zone.hbs', 'resolver/unbound.conf.hbs'];
  const files = {
    'lab/named-trunks/lab.yaml': lab,
    ...Object.fromEntries(
      configs.map((file) => [`lab/named-trunks/${file}`, shipped(`named-trunks/${file}`)]),
    ),
    'lab/shared/nameserver/dnsdist.conf.hbs': shipped('shared/nameserver/dnsdist.conf.hbs'),
    'lab/images/nameserver/image.yaml': shipped('images/nameserver/image.yaml'),
    'lab/images/router/image.yaml': shipped('images/router/image.yaml'),
    'lab/images/sipp/image.yaml': shipped('images/sipp/image.yaml'),
  };
  return planIn('named-trunks', duration, entries, files);
}

describe('faults of real nameservers', function () {
  this.timeout(60_000);

  it('of every kind take hold and go, those of one zone at once too', async () => {
    const entries = await run(
      planOf('9500ms', [
        'at: 400ms, dns: resolver-a, reply: none, for: 1200ms',
        'at: 2200ms, dns: resolver-a, reply: refused, for: 1200ms',
        'at: 4s, dns: resolver-a, reply: servfail, for: 1200ms',
        'at: 5800ms, dns: resolver-a, reply: stale, record: gw.trunk.test, for: 2600ms',
        'at: 6200ms, dns: ns, reply: changed, record: gw.trunk.test, gives: [carrier-b], for: 1600ms',
        'at: 600ms, dns: resolver-b, reply: slow, delay: 300ms, for: 1800ms',
        'at: 3200ms, dns: resolver-b, reply: nxdomain, record: gw.trunk.test, for: 1200ms',
        "at: 800ms, dns: ns, reply: changed, record: _sip._udp.trunk.test, gives: ['10 100 5060 edge-b.trunk.test'], for: 2s",
        'at: 1400ms, dns: ns, reply: nxdomain, record: edge-a.trunk.test, for: 2400ms',
      ]),
    );
    assert.deepEqual(reasons(faultProofs(entries)), held(1, 2, 3, 4, 5, 6, 7, 8, 9));
  });

  it('that a server does not obey are told', async () => {
    const deaf = (node: StartedNode) => {
      const run = node.run.bind(node);
      node.run = (command, input) => (command.includes('-e') ? Promise.resolve('') : run(command, input));
    };
    const plan = planOf('2s', ['at: 200ms, dns: resolver-a, reply: refused, for: 900ms']);
    const found = reasons(faultProofs(await run(plan, { spoil: deaf })));
    assert.match(found['fault-1 applied'] ?? '', /^at resolver-a: replies 0 where [1-9] was asked for/);
    assert.equal(found['fault-1 healed'], 'holds');
  });
});
