import assert from 'node:assert/strict';
import { Fingerprints } from '../../../src/evidence/fingerprints.js';
import { SipSpool } from '../../../src/evidence/sip-book.js';
import type { SipMessage } from '../../../src/evidence/types.js';

const message = (callId: string, atMs: number, frame: number): SipMessage => ({
  seen: { file: 'a.pcap', node: 'a.pcap', interface: '', frame, atMs, sent: false },
  src: { address: '198.18.0.1', port: 5060 },
  dst: { address: '198.18.0.2', port: 5060 },
  transport: 'udp',
  status: null,
  reason: null,
  method: 'INVITE',
  requestUri: 'sip:b',
  cseq: 1,
  callId,
  from: { user: 'ä', host: 'a', tag: 'a' },
  to: { user: null, host: 'b', tag: null },
  branch: null,
  sdp: null,
  dtmf: null,
  retransmission: false,
  headers: [],
});

describe('SIP that waits in a file', () => {
  it('comes back as it was, in order of time and then of frames, and call by call', () => {
    using spool = new SipSpool();
    spool.begin('a.pcap');
    const [late, first, third, second] = [
      message('one', 9, 7),
      message('two', 1, 1),
      message('one', 5, 3),
      message('two', 5, 2),
    ];
    for (const one of [late, first, third, second]) spool.add(one);
    const book = spool.book();
    assert.deepEqual([...book], [first, second, third, late]);
    assert.deepEqual(
      [...book.dialogs()].map((dialogs) => [dialogs.callId, dialogs.read()]),
      [
        ['two', [first, second]],
        ['one', [third, late]],
      ],
    );
    assert.deepEqual(book.span, { startMs: 1, endMs: 9 });
  });

  it('is put in order anew on other clocks', () => {
    using spool = new SipSpool();
    spool.begin('a.pcap');
    spool.add(message('one', 5, 1));
    spool.begin('b.pcap');
    spool.add(message('two', 1, 1));
    const shifted = spool.book().shifted((file) => (file === 'b.pcap' ? 10 : 0));
    assert.deepEqual(
      [...shifted].map(({ callId, seen }) => [callId, seen.atMs]),
      [
        ['one', 5],
        ['two', 11],
      ],
    );
  });

  it('knows each of many digests that it has seen, and no other', () => {
    const seen = new Fingerprints();
    const digest = (n: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32LE(n % 7, 0);
      bytes.writeUInt32LE(n, 4);
      return bytes;
    };
    for (let n = 1; n <= 2000; n++) assert.equal(seen.add(digest(n)), false);
    for (let n = 1; n <= 2000; n++) assert.equal(seen.add(digest(n)), true);
    assert.equal(seen.add(digest(2001)), false);
  });
});
