import assert from 'node:assert/strict';
import { slimSip } from '../../../src/evidence/slim-sip.js';
import { parseSip } from '../../../src/evidence/sip.js';
import type { SipMessage } from '../../../src/evidence/types.js';

const messageOf = (startLine: string, tag = ''): SipMessage => {
  const body =
    'v=0\r\nc=IN IP4 198.18.0.1\r\nm=audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 telephone-event/8000\r\n';
  const text = `${startLine}\r\nVia: SIP/2.0/UDP 198.18.0.1;branch=z9hG4bKa-rather-long-branch\r\nFrom: <sip:a@198.18.0.1>;tag=a\r\nTo: <sip:b@198.18.0.2>${tag}\r\nCall-ID: a-rather-long-call-id\r\nCSeq: 1 INVITE\r\nX-Other-Call: b-rather-long-call-id\r\nUser-Agent: ä phone\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const content = parseSip(Buffer.from(text));
  assert.ok(typeof content !== 'string');
  const seen = { file: 'a.pcap', node: 'a.pcap', interface: '', frame: 1, atMs: 0, sent: false };
  const [src, dst] = ['198.18.0.1', '198.18.0.2'].map((address) => ({ address, port: 5060 }));
  return { seen, src: src!, dst: dst!, transport: 'udp', ...content, retransmission: false };
};

describe('slimSip', () => {
  it('keeps all of a message but headers', () => {
    const messages = [
      messageOf('INVITE sip:b@198.18.0.2 SIP/2.0'),
      messageOf('SIP/2.0 200 OK', ';tag=b'),
      messageOf('INVITE sip:b@198.18.0.2 SIP/2.0', ';tag=b'),
    ];
    for (const message of messages) {
      const { headers, ...slim } = slimSip(message);
      const { headers: all, ...rest } = message;
      assert.deepEqual(slim, rest);
      assert.ok(headers.length < all.length);
    }
  });

  it('keeps of an INVITE that opens a call what may tell the other call, and else none', () => {
    const kept = [['x-other-call', 'b-rather-long-call-id']];
    assert.deepEqual(slimSip(messageOf('INVITE sip:b@198.18.0.2 SIP/2.0')).headers, kept);
    assert.deepEqual(slimSip(messageOf('INVITE sip:b@198.18.0.2 SIP/2.0', ';tag=b')).headers, []);
    assert.deepEqual(slimSip(messageOf('SIP/2.0 200 OK')).headers, []);
  });
});
