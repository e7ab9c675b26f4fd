import assert from 'node:assert/strict';
import { isBoundAt, measureRegistrations, registeredFrom } from '../../../src/measures/registrations.js';
import type { SipMessage } from '../../../src/evidence/types.js';
import { emptyEvidence } from '../../fixtures/measures.js';
import { sip } from '../../fixtures/messages.js';
import { plan } from '../../fixtures/plans.js';

const PHONE = '198.18.0.1';
const PBX = '198.18.0.2';
const registration = {
  extension: '1001',
  secret: 's',
  registrar: { node: 'pbx', address: PBX, port: 5060 },
  expiresS: 60,
  refreshS: 20,
  retryS: 1,
};

function register(
  atMs: number,
  cseq: number,
  status: number | null = null,
  ...headers: [string, string][]
): SipMessage {
  const sent = status === null;
  return sip(
    { node: 'desk', interface: 'sbc', sent, atMs },
    { method: 'REGISTER', src: sent ? PHONE : PBX, dst: sent ? PBX : PHONE, cseq, status, headers },
  );
}
const withCredentials: [string, string] = ['authorization', 'Digest username="1001"'];

function measured(...messages: SipMessage[]) {
  const base = plan();
  const of = plan({
    lab: {
      ...base.lab,
      nodes: base.lab.nodes.map((node) => (node.name === 'desk' ? { ...node, registration } : node)),
    },
  });
  const [phone] = measureRegistrations(of, { ...emptyEvidence(of), sip: messages });
  assert.ok(phone);
  return phone;
}

describe('registrations', () => {
  it('count the challenge and what answers it as one attempt (RFC 6076 RRD)', () => {
    const phone = measured(
      register(100, 1),
      register(110, 1, 401),
      register(115, 2, null, withCredentials),
      register(130, 2, 200, ['contact', `<sip:1001-0x5@${PHONE}:5060>;expires=60`]),
    );
    assert.deepEqual(phone.attempts, [{ atMs: 100, status: 200, endedAt: 130, expiresS: 60 }]);
  });

  it('tell one that nobody answered, one that was refused, and when the phone was back', () => {
    const phone = measured(
      register(100, 1),
      register(5000, 2),
      register(5010, 2, 403),
      register(9000, 3),
      register(9020, 3, 200, ['expires', '30']),
    );
    assert.deepEqual(
      phone.attempts.map(({ status, expiresS }) => [status, expiresS]),
      [
        [null, null],
        [403, null],
        [200, 30],
      ],
    );
    assert.equal(registeredFrom(phone, 0), 9020);
    assert.equal(registeredFrom(phone, 9021), null);
    assert.deepEqual(
      [8000, 39_000, 39_100].map((atMs) => isBoundAt(phone, atMs)),
      [false, true, false],
    );
  });
});
