import assert from 'node:assert/strict';
import { TcpOrder } from '../../../src/evidence/tcp-order.js';
import { evidenceOf, PHONE, SBC, sip } from '../../fixtures/evidence.js';
import { tcpSegment, type TcpFields } from '../../fixtures/link-frames.js';
import { ipv4Frame } from '../../fixtures/pcap.js';

const START = 0xffffff00;
const message = (cseq: number) => {
  const [head = '', body = ''] = String(sip(0, cseq).payload).split('\r\n\r\n');
  const clean = head.replace(/\r\ncontent-length:[^\r]*/i, '');
  return `${clean}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

interface Piece extends Partial<TcpFields> {
  /** Place in the stream. */
  at: number;
  text: string;
  back?: boolean;
  port?: number;
}

/** A capture of these segments, 1 ms apart. Sequence numbers wrap within the first message. */
async function carried(pieces: Piece[]) {
  const frames = pieces.map(({ at, text, back, port = 5060, ...fields }, i) => {
    const ends = back
      ? { src: SBC, dst: PHONE, srcPort: port, dstPort: 40000 }
      : { src: PHONE, dst: SBC, srcPort: 40000, dstPort: port };
    const packet = { ...sip(i, 1), ...ends, payload: text };
    return { atMs: i, frame: ipv4Frame(packet, 6, tcpSegment(packet, { sequence: START + at, ...fields })) };
  });
  const { sip: messages, captures } = await evidenceOf(frames);
  return {
    seen: messages.map(({ cseq, seen, transport, sdp }) => [cseq, seen.frame, transport, sdp?.port]),
    problems: captures[0]!.problems,
  };
}

const one = message(1);
const two = message(2);
const both = one + two;
const cut = (from: number, to: number): Piece => ({ at: from, text: both.slice(from, to) });
const SYN = { at: -1, text: '', flags: 2 };
const half = one.length >> 1;

describe('SIP over TCP', () => {
  const wholes: [string, Piece[], [number, number][]][] = [
    [
      'a message a segment',
      [cut(0, one.length), cut(one.length, both.length)],
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'two messages in a segment',
      [cut(0, both.length)],
      [
        [1, 1],
        [2, 1],
      ],
    ],
    [
      'a message in many segments',
      [cut(0, 5), cut(5, half), cut(half, one.length + 9), cut(one.length + 9, both.length)],
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [
      'segments out of order',
      [SYN, cut(half, both.length), cut(0, half)],
      [
        [1, 3],
        [2, 3],
      ],
    ],
    [
      'repeated and overlapping segments',
      [cut(0, half), cut(0, half), cut(half - 9, one.length), cut(0, both.length)],
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [
      'keep-alives between messages',
      [cut(0, one.length), { at: one.length, text: '\r\n\r\n' }, { at: one.length + 4, text: two }],
      [
        [1, 1],
        [2, 3],
      ],
    ],
    [
      'a connection on another port',
      [
        { ...cut(0, half), port: 7777 },
        { ...cut(half, one.length), port: 7777 },
      ],
      [[1, 2]],
    ],
  ];
  for (const [name, pieces, expected] of wholes)
    it(`reads ${name}`, async () => {
      const { seen, problems } = await carried(pieces);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        seen,
        expected.map(([cseq, frame]) => [cseq, frame, 'tcp', 40001]),
      );
    });

  it('goes on with the next message after a gap, and says so', async () => {
    const pieces = [cut(0, half), cut(half + 10, one.length), cut(one.length, both.length)];
    const { seen, problems } = await carried(pieces);
    assert.deepEqual(
      seen.map(([cseq, frame]) => [cseq, frame]),
      [[2, 3]],
    );
    assert.deepEqual(problems, [
      '1 × gap in a TCP connection of SIP (first: frame 2)',
      '1 × SIP message over TCP that is not all there (first: frame 1)',
      '1 × piece of a TCP connection of SIP that is not SIP (first: frame 2)',
    ]);
  });

  it('waits no longer for what the other side has acknowledged', () => {
    const taken: string[] = [];
    const gaps: number[] = [];
    const order = new TcpOrder(
      START | 0,
      ({ bytes }) => taken.push(bytes.toString()),
      (frame) => gaps.push(frame),
    );
    order.add(START + 300, { bytes: Buffer.from('later'), frame: 1, atMs: 0 });
    order.acknowledged(START);
    assert.deepEqual([taken, gaps], [[], []]);
    order.acknowledged(START + 305);
    assert.deepEqual([taken, gaps], [['later'], [1]]);
  });

  it('takes a new connection on the same ports for one', async () => {
    const { seen, problems } = await carried([
      cut(0, one.length),
      { at: 0x40000000, text: one.replace('CSeq: 1', 'CSeq: 7') },
      { at: 77, text: '', flags: 2 },
      { at: 78, text: two },
    ]);
    assert.deepEqual(
      seen.map(([cseq]) => cseq),
      [1, 7, 2],
    );
    assert.equal(problems.length, 1);
  });

  it('puts no more together than a message may have', async () => {
    const head = 'INVITE sip:a SIP/2.0\r\n';
    const endless = Array.from({ length: 60 }, (_, i) => ({
      at: head.length + i * 1000,
      text: 'x: y\r\n'.padEnd(1000, 'z'),
    }));
    const { seen, problems } = await carried([
      { at: 0, text: head },
      ...endless,
      { at: head.length + 60000, text: two },
    ]);
    assert.deepEqual(
      seen.map(([cseq]) => cseq),
      [2],
    );
    assert.match(problems[0]!, /that is not SIP/);
    const huge = one.replace(/Content-Length: \d+/, 'Content-Length: 999999999');
    assert.deepEqual(
      (
        await carried([
          { at: 0, text: huge },
          { at: huge.length, text: two },
        ])
      ).seen.map(([cseq]) => cseq),
      [2],
    );
  });

  it('tells, and does not guess, what is SIP out of sight', async () => {
    const hello = (port: number, name: string) => ({
      at: 0,
      port,
      text: `\x16\x03\x01\x00\x30\x01${'x'.repeat(40)}\x05${name}`,
    });
    const upgrade = 'GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n';
    const { seen, problems } = await carried([
      hello(5061, 'http/'),
      { ...hello(5061, 'http/'), at: 50 },
      { ...hello(5061, ''), back: true },
      hello(443, 'http/'),
      hello(9999, 'sip/2'),
      { at: 0, port: 80, text: upgrade },
      { at: 0, port: 81, text: upgrade.replace('sip', 'chat') },
    ]);
    assert.deepEqual(seen, []);
    assert.deepEqual(problems, [
      '2 × connection with SIP over TLS, keys absent (first: frame 1)',
      '1 × connection with SIP over WebSocket, which is not decoded (first: frame 6)',
    ]);
  });
});
