import assert from 'node:assert/strict';
import { RtcpLog } from '../../../src/evidence/rtcp-log.js';
import { parseRtcp } from '../../../src/evidence/rtcp.js';
import { emptyDatagram } from '../../../src/evidence/datagram.js';
import { Tally } from '../../../src/evidence/tally.js';
import { senderReport } from '../../fixtures/capture-corpus.js';

const parse = (bytes: Buffer) => parseRtcp({ bytes, start: 0, end: bytes.length });
const NTP: [number, number] = [0x83aa7e80 + 100, 0x80000000];

describe('RTCP', () => {
  it('parses a sender report and its blocks', () => {
    assert.deepEqual(parse(senderReport(7, 8, NTP, 0x12345678)), [
      {
        ssrc: 7,
        sender: { packets: 100, bytes: 16000, timestamp: 1600, wallMs: 100_500, ntpMiddle: 0x7ee48000 },
        blocks: [
          {
            ssrc: 8,
            fractionLost: 0.25,
            cumulativeLost: 5,
            highestSequence: 65537,
            jitter: 80,
            lastReport: 0x12345678,
            delaySinceLastReport: 65536,
            roundTripMs: null,
          },
        ],
        goodbye: false,
      },
    ]);
  });

  it('reads a negative loss, and who leaves', () => {
    const report = senderReport(7, 8, NTP, 0);
    report.writeUInt32BE(0x00fffffe, 32);
    const [content] = parse(Buffer.concat([report, Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 7])]))!;
    assert.equal(content!.blocks[0]!.cumulativeLost, -2);
    assert.equal(content!.goodbye, true);
  });

  it('gives null for what is no compound packet with a report, of any length', () => {
    const report = senderReport(7, 8, NTP, 0);
    for (let length = 0; length < report.length; length++)
      if (length !== 52) assert.equal(parse(report.subarray(0, length)), null, String(length));
    assert.equal(parse(Buffer.concat([report, Buffer.of(0, 0, 0, 0)])), null);
    report[0] = 0x9f;
    assert.equal(parse(report), null);
  });

  it('works out the round trip from when the report answered passed', () => {
    const log = new RtcpLog(new Tally(), 3);
    const add = (bytes: Buffer, atMs: number) => {
      const end = { address: 'a', port: 1 };
      const seen = { file: 'f', node: 'n', interface: 'i', frame: 1, atMs, sent: false };
      log.add({ ...emptyDatagram(), bytes, end: bytes.length, atMs }, seen, end, end);
    };
    const middle = 0x7ee48000;
    add(senderReport(7, 8, NTP, 0), 1000);
    // Kept for 65536 units: a second.
    add(senderReport(8, 7, [1, 0], middle), 2042);
    add(senderReport(8, 7, [2, 0], middle + 1), 2042);
    add(senderReport(8, 7, [2, 0], middle), 2042);
    assert.deepEqual(
      log.reports.map(({ blocks }) => blocks[0]!.roundTripMs),
      [null, 42, null],
    );
  });
});
