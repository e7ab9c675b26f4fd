import fc from 'fast-check';
import assert from 'node:assert/strict';
import { serverNameOf } from '../../../src/evidence/tls-messages.js';
import { TlsRecords } from '../../../src/evidence/tls-records.js';
import { evidenceOf, PHONE, SBC, sip } from '../../fixtures/evidence.js';
import { tcpSegment } from '../../fixtures/link-frames.js';
import { ipv4Frame } from '../../fixtures/pcap.js';

const sized = (size: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(size);
  length.writeUIntBE(content.length, 0, size);
  return Buffer.concat([length, content]);
};
const bytes = (...values: number[]) => Buffer.from(values);
const record = (type: number, content: Buffer) => Buffer.concat([bytes(type, 3, 3), sized(2, content)]);
const handshake = (type: number, body: Buffer) => Buffer.concat([bytes(type), sized(3, body)]);

const hello = (host: string | null) => {
  const name = sized(2, bytes(0), sized(2, Buffer.from(host ?? '')));
  const extensions = [
    Buffer.concat([bytes(0, 43), sized(2, sized(1, bytes(3, 3)))]),
    ...(host === null ? [] : [Buffer.concat([bytes(0, 0), sized(2, name)])]),
  ];
  const [version, random] = [bytes(3, 3), Buffer.alloc(32, 7)];
  return Buffer.concat([
    version,
    random,
    sized(1),
    sized(2, bytes(0, 1)),
    sized(1, bytes(0)),
    sized(2, ...extensions),
  ]);
};

/** What is heard of these bytes, cut where told. */
function heard(stream: Buffer, cuts: number[]): string[] {
  const said: string[] = [];
  const records = new TlsRecords({
    handshake: (type, body) => said.push(`handshake ${type} ${body.toString('hex')}`),
    alert: (code) => said.push(`alert ${code}`),
    encrypted: () => said.push('encrypted'),
  });
  const ends = [...new Set([...cuts.map((cut) => cut % stream.length), stream.length])].sort((a, b) => a - b);
  let begin = 0;
  for (const end of ends) {
    records.add(stream.subarray(begin, end));
    begin = end;
  }
  return said;
}

describe('TLS records', () => {
  const stream = Buffer.concat([
    record(22, Buffer.concat([handshake(1, bytes(1, 2, 3)), handshake(2, bytes())])),
    record(22, handshake(11, bytes(9, 8, 7, 6)).subarray(0, 3)),
    record(22, handshake(11, bytes(9, 8, 7, 6)).subarray(3)),
    record(21, bytes(1, 100)),
    record(20, bytes(1)),
    record(21, bytes(2, 45)),
  ]);
  const whole = ['handshake 1 010203', 'handshake 2 ', 'handshake 11 09080706', 'alert 100', 'encrypted'];

  it('are read until they are encrypted, wherever the bytes are cut', () => {
    fc.assert(fc.property(fc.array(fc.nat()), (cuts) => assert.deepEqual(heard(stream, cuts), whole)));
  });

  it('are given up where they make no sense, and never throw', () => {
    assert.deepEqual(heard(Buffer.concat([Buffer.from('INVITE sip:x'), stream]), []), []);
    fc.assert(fc.property(fc.uint8Array({ minLength: 1 }), (any) => void heard(Buffer.from(any), [])));
  });

  it('of a ClientHello tell the host that it asks for', () => {
    assert.equal(serverNameOf(hello('b.test')), 'b.test');
    assert.equal(serverNameOf(hello(null)), null);
    for (let length = 0; length < hello('b.test').length; length++)
      assert.equal(serverNameOf(hello('b.test').subarray(0, length)), null);
  });
});

describe('TLS in a capture', () => {
  const segment = (i: number, at: number, back: boolean, payload: Buffer) => {
    const ends = back
      ? { src: SBC, dst: PHONE, srcPort: 5061, dstPort: 40000 }
      : { src: PHONE, dst: SBC, srcPort: 40000, dstPort: 5061 };
    const packet = { ...sip(i, 1), ...ends, payload };
    const fields = { sequence: 1000 + at, acknowledged: 1000 };
    return { atMs: i, frame: ipv4Frame(packet, 6, tcpSegment(packet, fields)) };
  };
  const first = record(22, handshake(1, hello('b.test')));

  it('has who asked whom for what, and the alert in the open', async () => {
    const frames = [segment(0, 0, false, first), segment(1, first.length, false, record(21, bytes(2, 45)))];
    const { tls } = await evidenceOf(frames);
    assert.deepEqual(
      tls.map(({ client, server, serverName, certificate, established }) => [
        client.port,
        server.port,
        serverName,
        certificate,
        established,
      ]),
      [[40000, 5061, 'b.test', null, false]],
    );
    assert.deepEqual([tls[0]?.alert?.by, tls[0]?.alert?.code, tls[0]?.alert?.seen.frame], ['client', 45, 2]);
  });

  it('is established once both sides went over to encryption', async () => {
    const change = record(20, bytes(1));
    const server = Buffer.concat([record(22, handshake(2, Buffer.alloc(38))), change]);
    const frames = [
      segment(0, 0, false, first),
      segment(1, 0, true, server),
      segment(2, first.length, false, change),
    ];
    assert.deepEqual(
      (await evidenceOf(frames)).tls.map(({ established, alert }) => [established, alert]),
      [[true, null]],
    );
    assert.deepEqual(
      (await evidenceOf(frames.slice(0, 2))).tls.map(({ established }) => established),
      [false],
    );
  });
});
