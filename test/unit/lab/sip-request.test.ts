import assert from 'node:assert/strict';
import { newBranch, optionsRequest, sipRequest, type SipRequest } from '../../../src/lab/sip-request.js';

const INVITE: SipRequest = {
  method: 'INVITE',
  uri: 'sip:test@198.18.1.2:5060',
  local: '198.18.1.2:40000',
  via: 'branch=z9hG4bK1',
  user: 'fault-proof',
  fromTag: 'a',
  to: '<sip:test@198.18.1.2>',
  callId: 'c1',
};
const linesOf = (request: Buffer) => request.toString().split('\r\n');

describe('a SIP request of the harness', () => {
  it('has what every request must have, and ends in an empty line', () => {
    assert.deepEqual(linesOf(sipRequest(INVITE)), [
      'INVITE sip:test@198.18.1.2:5060 SIP/2.0',
      'Via: SIP/2.0/UDP 198.18.1.2:40000;branch=z9hG4bK1',
      'Max-Forwards: 70',
      'From: <sip:fault-proof@198.18.1.2:40000>;tag=a',
      'To: <sip:test@198.18.1.2>',
      'Call-ID: c1',
      'CSeq: 1 INVITE',
      'Content-Length: 0',
      '',
      '',
    ]);
  });

  it('says where it is reached, which one of a dialog it is, and how many bytes its body has', () => {
    const body = { type: 'text/plain', text: 'zwölf' };
    const lines = linesOf(sipRequest({ ...INVITE, method: 'MESSAGE', cseq: 2, hasContact: true, body }));
    assert.deepEqual(lines.slice(6), [
      'CSeq: 2 MESSAGE',
      'Contact: <sip:fault-proof@198.18.1.2:40000>',
      'Content-Type: text/plain',
      'Content-Length: 6',
      '',
      'zwölf',
    ]);
  });

  it('is a transaction and a call of its own each time that it asks for options', () => {
    const [one, other] = [0, 1].map(() =>
      linesOf(optionsRequest('readiness', '198.18.1.2:40000', '198.18.1.2:5060')),
    );
    assert.ok(one && other);
    assert.equal(one[0], 'OPTIONS sip:198.18.1.2:5060 SIP/2.0');
    assert.match(one[1]!, /^Via: SIP\/2\.0\/UDP 198\.18\.1\.2:40000;branch=z9hG4bK[\w-]+;rport$/);
    const differing = one.filter((line, at) => line !== other[at]).map((line) => line.split(':')[0]);
    assert.deepEqual(differing, ['Via', 'From', 'Call-ID']);
    assert.notEqual(newBranch(), newBranch());
  });
});
