import assert from 'node:assert/strict';
import { dnsLookups } from '../../../src/measures/lookups.js';
import { lookup } from '../../fixtures/names.js';

describe('lookups', () => {
  it('are questions beside their answers', () => {
    const answers = [{ name: 'gw.trunk.test', type: 'A', ttlS: 2, data: '198.18.4.2' }];
    const [first, second] = dnsLookups([
      ...lookup({ atMs: 100, answer: { answers, authoritative: true }, tookMs: 30 }),
      ...lookup({ atMs: 200, answer: null }),
    ]);
    assert.deepEqual(
      [first?.askedAt, first?.answeredAt, first?.rcode, first?.authoritative],
      [100, 130, 'NOERROR', true],
    );
    assert.deepEqual(first?.answers, answers);
    assert.deepEqual(
      first.evidence.map(({ note }) => note),
      ['asks for gw.trunk.test A', 'gw.trunk.test A: 198.18.4.2 for 2 s'],
    );
    assert.deepEqual([second?.askedAt, second?.answeredAt, second?.rcode], [200, null, null]);
  });

  it('are one where several captures show them, and answered where the answer came back', () => {
    const [question, answer] = lookup({ atMs: 100 });
    assert.ok(question && answer);
    const beyond = (message: typeof question, atMs: number) => ({
      ...message,
      seen: { ...message.seen, file: 'captures/beyond.pcap', atMs },
    });
    const lost = dnsLookups([question, beyond(question, 101), beyond(answer, 102)]);
    assert.deepEqual(
      lost.map(({ askedAt, answeredAt }) => [askedAt, answeredAt]),
      [[100, null]],
    );
    assert.equal(
      dnsLookups([question, beyond(question, 101), beyond(answer, 102), answer])[0]?.answeredAt,
      105,
    );
  });

  it('say for how long a missing name may be remembered', () => {
    const [missing] = dnsLookups(lookup({ atMs: 1, answer: { rcode: 'NXDOMAIN', negativeTtlS: 3600 } }));
    assert.equal(missing?.evidence[1]?.note, 'gw.trunk.test A: NXDOMAIN, may be kept for 3600 s');
  });
});
