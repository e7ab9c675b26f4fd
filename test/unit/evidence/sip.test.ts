import assert from 'node:assert/strict';
import { looksLikeSip, parseSip, type SipContent } from '../../../src/evidence/sip.js';

const parse = (text: string): SipContent => {
  const message = parseSip(Buffer.from(text));
  if (typeof message === 'string') assert.fail(message);
  return message;
};

const problem = (text: string): string => {
  const message = parseSip(Buffer.from(text));
  return typeof message === 'string' ? message : assert.fail('was parsed');
};

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 198.18.0.9',
  's=-',
  'c=IN IP4 198.18.0.9',
  't=0 0',
  'm=audio 30000 RTP/AVP 8 101',
  'a=rtpmap:101 telephone-event/8000',
  '',
].join('\r\n');

const invite = (extra: string[] = [], body = '') =>
  [
    'INVITE sip:+15550100@198.18.0.2:5060 SIP/2.0',
    'Via: SIP/2.0/UDP 198.18.0.1:5060;branch=z9hG4bK-1;rport',
    'From: "Desk <7>, \\"x\\"" <sip:+1555%30199@office.test;user=phone>;tag=abc',
    'To: <sip:+15550100@198.18.0.2>',
    'Call-ID: 1-2@198.18.0.1',
    'CSeq: 7 INVITE',
    ...extra,
    '',
    body,
  ].join('\r\n');

describe('parseSip', () => {
  it('reads a request', () => {
    const { headers, ...message } = parse(invite(['Content-Type: application/sdp'], SDP));
    assert.deepEqual(message, {
      status: null,
      reason: null,
      method: 'INVITE',
      requestUri: 'sip:+15550100@198.18.0.2:5060',
      cseq: 7,
      callId: '1-2@198.18.0.1',
      from: { user: '+15550199', host: 'office.test', tag: 'abc' },
      to: { user: '+15550100', host: '198.18.0.2', tag: null },
      branch: 'z9hG4bK-1',
      sdp: {
        address: '198.18.0.9',
        port: 30000,
        direction: 'sendrecv',
        payloads: [
          { type: 8, codec: 'PCMA', clockHz: 8000 },
          { type: 101, codec: 'telephone-event', clockHz: 8000 },
        ],
        ptimeMs: null,
      },
      dtmf: null,
    });
    assert.deepEqual(
      headers.map(([name]) => name),
      ['via', 'from', 'to', 'call-id', 'cseq', 'content-type'],
    );
  });

  it('reads a response with compact headers, folding, LF only and several Vias in a line', () => {
    const message = parse(
      [
        '\r\nSIP/2.0 183 Session Progress',
        'v: SIP/2.0/UDP 198.18.0.2 ; branch = z9hG4bK-top, SIP/2.0/UDP 198.18.0.1;branch=z9hG4bK-low',
        'f: sip:alice@a.test;tag=from-tag',
        't: Bob',
        ' <sip:bob@[2001:DB8::1]:5060>;x=1',
        '\t;tag=to-tag',
        'i: x@y',
        'CSeq:9   INVITE',
        '',
        '',
      ].join('\n'),
    );
    assert.equal(message.status, 183);
    assert.equal(message.reason, 'Session Progress');
    assert.equal(message.method, 'INVITE');
    assert.equal(message.requestUri, null);
    assert.equal(message.branch, 'z9hG4bK-top');
    assert.deepEqual(message.from, { user: 'alice', host: 'a.test', tag: 'from-tag' });
    assert.deepEqual(message.to, { user: 'bob', host: '2001:db8::1', tag: 'to-tag' });
    assert.deepEqual(message.headers[2], ['to', 'Bob <sip:bob@[2001:DB8::1]:5060>;x=1 ;tag=to-tag']);
    assert.equal(message.sdp, null);
  });

  it('takes the branch from the topmost Via only', () => {
    const via = (value: string) => parse(invite().replace(/Via: .*/, `Via: ${value}`)).branch;
    assert.equal(via('SIP/2.0/UDP a, SIP/2.0/UDP b;branch=z9hG4bK-b'), null);
    assert.equal(via('SIP/2.0/UDP a;x="1,2";branch=z9hG4bK-a, SIP/2.0/UDP b'), 'z9hG4bK-a');
  });

  it('reads an SDP inside a multipart body', () => {
    const body = `--b1\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b1\r\nContent-Type: application/sdp\r\n\r\n${SDP}\r\n--b1--\r\n`;
    assert.equal(parse(invite(['Content-Type: multipart/mixed; boundary="b1"'], body)).sdp?.port, 30000);
  });

  it('gives no SDP when the body is not all there', () => {
    const typed = (length: number) => invite(['Content-Type: application/sdp', `l: ${length}`], SDP);
    assert.equal(parse(typed(SDP.length)).sdp?.port, 30000);
    assert.equal(parse(typed(SDP.length + 1)).sdp, null);
  });

  it('takes URIs apart as they come in the field', () => {
    const from = (value: string) => parse(invite().replace(/From: .*/, `From: ${value}`)).from;
    assert.deepEqual(from('<tel:+15550100;phone-context=x>;tag=1'), {
      user: '+15550100',
      host: '',
      tag: '1',
    });
    assert.deepEqual(from('<sip:a.test>'), { user: null, host: 'a.test', tag: null });
    assert.deepEqual(from('<sip:u@realm@a.test;maddr=9>;TAG=2'), {
      user: 'u@realm',
      host: 'a.test',
      tag: '2',
    });
    assert.deepEqual(from('<sip:55;ext=1:secret@a.test:5080>'), {
      user: '55;ext=1',
      host: 'a.test',
      tag: null,
    });
    assert.deepEqual(from('sip:anonymous@anonymous.invalid'), {
      user: 'anonymous',
      host: 'anonymous.invalid',
      tag: null,
    });
  });

  it('says what is wrong with a message that belongs to no call', () => {
    assert.match(problem(invite().replace('Call-ID', 'X-Call')), /without Call-ID/);
    assert.match(problem(invite().replace('CSeq: 7', 'CSeq: x')), /without Call-ID, CSeq/);
    assert.match(problem('SIP/2.0 OK\r\n\r\n'), /damaged start line/);
  });
});

describe('looksLikeSip', () => {
  const looks = (text: string) => looksLikeSip(Buffer.from(text, 'latin1'), 0, text.length);
  it('tells SIP from what is not', () => {
    assert.equal(looks('\r\n\r\nOPTIONS sip:a SIP/2.0\r\n'), true);
    assert.equal(looks('SIP/2.0 200 OK\n'), true);
    assert.equal(looks('SIP/2.0 200'), true);
    for (const text of [
      '',
      '\r\n\r\n',
      '\0\0\0\0',
      '\x80\x00SIP/2.0 200 OK',
      'GET / HTTP/1.1\r\n',
      'SIP/2.0 20 OK',
    ])
      assert.equal(looks(text), false, JSON.stringify(text));
  });

  it('takes every character that a method may begin with (RFC 3261 §25.1, token)', () => {
    for (const first of "aZ9-.!%*_+`'~") {
      const bytes = Buffer.from(`${first}X sip:a SIP/2.0\r\n`);
      assert.equal(looksLikeSip(bytes, 0, bytes.length), true, first);
    }
  });

  it('does not look beyond its end', () => {
    const bytes = Buffer.from('xxOPTIONS sip:a SIP/2.0\r\n');
    assert.equal(looksLikeSip(bytes, 2, bytes.length), true);
    assert.equal(looksLikeSip(bytes, 2, 20), false);
  });
});
