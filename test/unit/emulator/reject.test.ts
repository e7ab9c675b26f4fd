import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeChecksum, sumWords } from '../../../src/emulator/checksum.js';
import { buildRejection } from '../../../src/emulator/reject.js';
import { udpFrame, writePcap } from '../../fixtures/pcap.js';

const SENDER = { mac: '02:00:00:00:00:0a', address: '198.18.0.1' };
const TARGET = { mac: '02:00:00:00:00:0b', address: '198.18.0.2' };
const SYN = 0x02;
const ACK = 0x10;

const udp = (payload: string | Uint8Array = 'INVITE', dst = TARGET.address) =>
  udpFrame({
    atMs: 0,
    src: SENDER.address,
    dst,
    srcPort: 5060,
    dstPort: 5080,
    payload,
    macs: { src: SENDER.mac, dst: TARGET.mac },
  });

/** The UDP frame with its payload taken for another protocol's header. */
function ipFrame(protocol: number, body: Buffer): Buffer {
  const frame = udp(body.subarray(8));
  body.copy(frame, 34, 0, 8);
  frame.writeUInt8(protocol, 23);
  frame.writeUInt16BE(0, 24);
  frame.writeUInt16BE(closeChecksum(sumWords(frame, 14, 34)), 24);
  return frame;
}

function tcp(flags: number, payload = ''): Buffer {
  const segment = Buffer.alloc(20 + payload.length);
  segment.writeUInt16BE(40_000, 0);
  segment.writeUInt16BE(5061, 2);
  segment.writeUInt32BE(0xfffffffe, 4);
  segment.writeUInt32BE(7777, 8);
  segment.writeUInt8(0x50, 12);
  segment.writeUInt8(flags, 13);
  segment.write(payload, 20);
  return ipFrame(6, segment);
}

const reject = (frame: Buffer) => buildRejection(frame, frame.length);

/** What tshark makes of a frame, field by field. */
function decode(frame: Buffer | null, fields: string[]): Record<string, string> {
  assert.ok(frame, 'there is an answer');
  const folder = mkdtempSync(join(tmpdir(), 'reject-'));
  try {
    const file = join(folder, 'answer.pcap');
    writePcap(file, [{ atMs: 0, frame }]);
    const checks = ['ip', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
    const exact = ['-o', 'tcp.relative_sequence_numbers:FALSE'];
    const wanted = fields.flatMap((field) => ['-e', field]);
    const args = ['-r', file, ...checks, ...exact, '-T', 'fields', '-E', 'occurrence=f', ...wanted];
    const line = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const values = line.replace(/\n$/, '').split('\t');
    return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HEADERS = {
  'eth.src': TARGET.mac,
  'eth.dst': SENDER.mac,
  'ip.src': TARGET.address,
  'ip.dst': SENDER.address,
};
/** tshark: 1 is a good checksum. */
const GOOD = '1';

function assertDecodes(frame: Buffer | null, expected: Record<string, string>): void {
  assert.deepEqual(decode(frame, Object.keys(expected)), expected);
}

describe('buildRejection', () => {
  it('answers UDP with a port unreachable that quotes it', () => {
    assertDecodes(reject(udp()), {
      ...HEADERS,
      'ip.checksum.status': GOOD,
      'icmp.type': '3',
      'icmp.code': '3',
      'icmp.checksum.status': GOOD,
      'udp.srcport': '5060',
      'udp.dstport': '5080',
    });
  });

  it('quotes no more than fits into 576 bytes', () => {
    assertDecodes(reject(udp(Buffer.alloc(1201, 0x5a))), {
      'ip.len': '576',
      'ip.checksum.status': GOOD,
      'icmp.checksum.status': GOOD,
    });
  });

  it('answers a SYN with a reset that acknowledges it, past the end of the sequence space', () => {
    assertDecodes(reject(tcp(SYN)), {
      ...HEADERS,
      'ip.checksum.status': GOOD,
      'tcp.checksum.status': GOOD,
      'tcp.srcport': '5061',
      'tcp.dstport': '40000',
      'tcp.flags': '0x0014',
      'tcp.seq_raw': '0',
      'tcp.ack_raw': '4294967295',
    });
    assertDecodes(reject(tcp(0x01, 'abc')), { 'tcp.checksum.status': GOOD, 'tcp.ack_raw': '2' });
  });

  it('answers a segment of a connection with a reset where the sender expects it', () => {
    assertDecodes(reject(tcp(ACK, 'OPTIONS')), {
      'tcp.checksum.status': GOOD,
      'tcp.flags': '0x0004',
      'tcp.seq_raw': '7777',
    });
  });

  it('answers a ping, but not an ICMP error', () => {
    assertDecodes(reject(ipFrame(1, Buffer.from([8, 0, 0, 0, 0, 0, 0, 0]))), { 'icmp.type': '3' });
    assert.equal(reject(ipFrame(1, Buffer.from([3, 3, 0, 0, 0, 0, 0, 0]))), null);
    assert.equal(reject(ipFrame(1, Buffer.from([11, 0, 0, 0, 0, 0, 0, 0]))), null);
  });

  it('is silent about resets, groups, later fragments and senders that are not one host', () => {
    const changed = (change: (frame: Buffer) => void) => {
      const frame = udp();
      change(frame);
      return reject(frame);
    };
    assert.ok(changed(() => undefined));
    assert.equal(reject(tcp(0x04)), null);
    assert.equal(reject(udp('x', '239.1.1.1')), null);
    assert.equal(
      changed((frame) => frame.fill(0xff, 0, 6)),
      null,
    );
    assert.equal(
      changed((frame) => frame.writeUInt16BE(185, 20)),
      null,
    );
    assert.equal(
      changed((frame) => frame.fill(0, 26, 30)),
      null,
    );
  });

  it('is silent about what is not whole IPv4, at any length', () => {
    const whole = udp();
    for (let length = 0; length < whole.length; length++) assert.equal(buildRejection(whole, length), null);
    const arp = udp();
    arp.writeUInt16BE(0x0806, 12);
    assert.equal(reject(arp), null);
    const shortHeader = udp();
    shortHeader.writeUInt8(0x44, 14);
    assert.equal(reject(shortHeader), null);
  });
});

describe('Internet checksum', () => {
  it("gives RFC 1071's example, and zero over data with its checksum", () => {
    const example = Buffer.from('0001f203f4f5f6f7', 'hex');
    assert.equal(closeChecksum(sumWords(example, 0, 8)), ~0xddf2 & 0xffff);
    assert.equal(closeChecksum(sumWords(Buffer.concat([example, Buffer.from('220d', 'hex')]), 0, 10)), 0);
    assert.equal(sumWords(Buffer.from([1, 2, 3]), 0, 3), 0x0102 + 0x0300);
  });
});
