import assert from 'node:assert/strict';
import { senderReport } from '../../../fixtures/capture-corpus.js';
import { analyzed, bothWays } from '../../../fixtures/analyzed.js';
import { CALLEE, CALLER, callPackets } from '../../../fixtures/field.js';
import type { WirePacket } from '../../../fixtures/pcap.js';

const CRYPTO = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz';
const media = bothWays();

async function callIn(packets: WirePacket[]) {
  const { calls } = await analyzed(packets);
  assert.equal(calls.length, 1);
  return calls[0]!;
}

/** RTCP between the ports above those of the media. */
const rtcp = (atMs: number, from: 'caller' | 'callee', payload: Buffer): WirePacket =>
  from === 'caller'
    ? { atMs, src: CALLER, dst: CALLEE, srcPort: 40001, dstPort: 50001, payload }
    : { atMs, src: CALLEE, dst: CALLER, srcPort: 50001, dstPort: 40001, payload };

describe('encrypted media', () => {
  it('is told as such, counted, and not heard as noise', async () => {
    const { ears, streams, earlyAudio } = await callIn([...callPackets({ attributes: [CRYPTO] }), ...media]);
    assert.deepEqual(
      streams.map(({ encryption, figures }) => [encryption, figures.received]),
      [
        ['sdes', 299],
        ['sdes', 299],
      ],
    );
    for (const ear of [ears.caller, ears.callee]) {
      assert.match(ear!.unheard!, /^encrypted media \(SRTP, RFC 3711, keys by RFC 4568\)/);
      assert.deepEqual([ear!.class, ear!.activeShare, ear!.segments, ear!.digits], [null, null, [], []]);
      assert.ok(ear!.mos.listening! > 4.2, 'quality rests on packets alone');
    }
    assert.equal(earlyAudio, null);
  });

  it('is heard where the answer declined to encrypt (RFC 8643)', async () => {
    const offered = callPackets({ attributes: [CRYPTO] });
    const plain = callPackets();
    const packets = offered.map((packet, i) =>
      String(packet.payload).startsWith('SIP/2.0 200') ? plain[i]! : packet,
    );
    const { ears, streams } = await callIn([...packets, ...media]);
    assert.deepEqual(
      streams.map(({ encryption }) => encryption),
      [null, null],
    );
    assert.equal(ears.caller!.class, 'other-audio');
  });
});

describe('delay by RTCP', () => {
  /** 60 ms from the capture to the callee and back, 2 ms to the caller. */
  const reports = [
    rtcp(3500, 'caller', senderReport(1, 2, [0x83aa7f00, 0x80000000], 0)),
    rtcp(4560, 'callee', senderReport(2, 1, [0x83aa7f01, 0x80000000], 0x7f008000)),
    rtcp(5562, 'caller', senderReport(1, 2, [0x83aa7f02, 0x80000000], 0x7f018000)),
  ];

  it('is half of both round trips, the packet and the jitter buffer, and counts for conversation', async () => {
    const { ears, streams } = await callIn([...callPackets(), ...media, ...reports]);
    assert.deepEqual(
      streams.map(({ ssrc, roundTripMs }) => [ssrc, Math.round(roundTripMs!)]),
      [
        [1, 60],
        [2, 2],
      ],
    );
    for (const ear of [ears.caller!, ears.callee!]) {
      assert.equal(Math.round(ear.mouthToEarMs!), 101);
      assert.equal(ear.delayMs, null);
      assert.ok(ear.mos.conversational! <= ear.mos.listening!);
    }
  });

  it('is unknown where one way was not reported on', async () => {
    const { ears } = await callIn([...callPackets(), ...media, ...reports.slice(0, 2)]);
    assert.deepEqual([ears.caller!.mouthToEarMs, ears.callee!.mos.conversational], [null, null]);
  });
});
