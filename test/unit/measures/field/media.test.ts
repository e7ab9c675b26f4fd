import assert from 'node:assert/strict';
import { ToneSource } from '../../../../src/audio/tones.js';
import { analyzed, bothWays, faults, notes } from '../../../fixtures/analyzed.js';
import { CALLEE, CALLER, callPackets, mediaBack, mediaPackets, sipPacket } from '../../../fixtures/field.js';

describe('media found in captures', () => {
  it('finds one-way audio, and what came of the other way', async () => {
    const result = await analyzed([...callPackets(), ...mediaPackets({ fromMs: 3020, toMs: 9000 })]);
    assert.deepEqual(faults(result), ['ONE_WAY_AUDIO', 'RTP_UNANSWERED']);
    assert.match(result.findings[0]!.summary, /caller could not: no RTP towards the caller/);
    assert.equal(result.calls[0]?.ears.caller, null);
    assert.equal(result.calls[0].ears.callee?.class, 'other-audio');
  });

  it('finds dead air', async () => {
    const quiet = { source: new ToneSource('silence') };
    const result = await analyzed([
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000, ...quiet }),
      ...mediaBack({ fromMs: 3020, toMs: 9000, source: new ToneSource('silence') }),
    ]);
    assert.deepEqual(faults(result), ['DEAD_AIR']);
  });

  it('takes silence in one direction for a muted phone, perhaps', async () => {
    const result = await analyzed([
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000, source: new ToneSource('silence') }),
      ...mediaBack({ fromMs: 3020, toMs: 9000 }),
    ]);
    assert.deepEqual([faults(result), notes(result)], [[], ['ONLY_SILENCE']]);
  });

  it('finds media that stopped before the BYE, with the last packet', async () => {
    const result = await analyzed([
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000 }),
      ...mediaBack({ fromMs: 3020, toMs: 6000 }),
    ]);
    assert.deepEqual(faults(result), ['MEDIA_STOPPED']);
    const [finding] = result.findings;
    assert.match(finding!.summary, /towards the caller stopped 2\.\d\d s before the BYE/);
    const back = result.calls[0]!.streams.find(({ towards }) => towards === 'caller')!;
    assert.equal(finding!.evidence[0]?.frame, back.frames[1]);
  });

  it('finds late media', async () => {
    const result = await analyzed([
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000 }),
      ...mediaBack({ fromMs: 5500, toMs: 9000 }),
    ]);
    assert.deepEqual(faults(result), ['LATE_MEDIA']);
    assert.match(result.findings[0]!.summary, /caller heard nothing for 2\.5\d s/);
  });

  it('tells a hole by loss from a sender that paused', async () => {
    const lossy = await analyzed([
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000 }),
      ...mediaBack({ fromMs: 3020, toMs: 9000, lost: (n) => n >= 100 && n < 190 }),
    ]);
    assert.deepEqual(faults(lossy), ['MEDIA_HOLE']);
    assert.deepEqual(
      lossy.calls[0]!.streams.flatMap(({ holes }) => holes.map(({ kind, packets }) => [kind, packets])),
      [['lost', 90]],
    );
    const paused = await analyzed([
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000 }),
      ...mediaBack({ fromMs: 3020, toMs: 5020 }),
      ...mediaBack({ fromMs: 6820, toMs: 9000, firstSequence: 1100 }),
    ]);
    assert.deepEqual([faults(paused), notes(paused)], [[], ['SENDER_PAUSED']]);
  });

  it('expects no media of a party on hold', async () => {
    const hold = (atMs: number, direction: string, cseq: number) => [
      sipPacket({ atMs, start: 'INVITE', cseq, media: `${CALLER}:40000`, attributes: [`a=${direction}`] }),
      sipPacket({
        atMs: atMs + 20,
        start: '200 OK',
        cseq,
        media: `${CALLEE}:50000`,
        attributes: [`a=${direction === 'sendonly' ? 'recvonly' : direction}`],
      }),
      sipPacket({ atMs: atMs + 40, start: 'ACK', cseq }),
    ];
    const held = [
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000 }),
      ...mediaBack({ fromMs: 3020, toMs: 5020 }),
      ...mediaBack({ fromMs: 8040, toMs: 9000, firstSequence: 1100 }),
    ];
    const onHold = await analyzed([...held, ...hold(5000, 'sendonly', 3), ...hold(8000, 'sendrecv', 4)]);
    assert.deepEqual(onHold.findings, []);
    assert.deepEqual(notes(await analyzed(held)), ['SENDER_PAUSED']);
  });

  it('follows a re-INVITE to another port', async () => {
    const moved = `${CALLER}:40010`;
    const result = await analyzed([
      ...callPackets(),
      sipPacket({ atMs: 6000, start: 'INVITE', cseq: 3, media: moved }),
      sipPacket({ atMs: 6020, start: '200 OK', cseq: 3, media: `${CALLEE}:50000` }),
      sipPacket({ atMs: 6040, start: 'ACK', cseq: 3 }),
      ...bothWays(3020, 6020),
      ...mediaPackets({ fromMs: 6040, toMs: 9000, src: moved, ssrc: 5 }),
      ...mediaBack({ fromMs: 6040, toMs: 9000, dst: moved, ssrc: 6 }),
    ]);
    assert.deepEqual(result.findings, []);
    assert.equal(result.calls[0]?.streams.length, 4);
    assert.deepEqual(result.loose, []);
  });

  it('gives a port that is used again to each call its own media', async () => {
    const result = await analyzed([
      ...callPackets(),
      ...callPackets({ callId: 'c2', atMs: 10_000 }),
      // One SSRC for both: a stream over two calls.
      ...mediaPackets({ fromMs: 3020, toMs: 9000 }),
      ...mediaPackets({ fromMs: 13_020, toMs: 19_000, firstSequence: 1299 }),
      ...mediaBack({ fromMs: 3020, toMs: 9000 }),
      ...mediaBack({ fromMs: 13_020, toMs: 19_000, firstSequence: 1299 }),
    ]);
    assert.deepEqual(
      result.calls.map(({ streams }) => streams.map(({ figures }) => figures.received)),
      [
        [299, 299],
        [299, 299],
      ],
    );
    assert.deepEqual(result.findings, []);
  });

  it('knows media from behind a NAT by where it goes, and what goes back by the ports', async () => {
    const announced = '192.168.1.5:40000';
    const real = `${CALLER}:61234`;
    const result = await analyzed([
      ...callPackets({ callerMedia: announced }),
      ...mediaPackets({ fromMs: 3020, toMs: 9000, src: real }),
      ...mediaBack({ fromMs: 3020, toMs: 9000, dst: real }),
    ]);
    assert.deepEqual(faults(result), []);
    assert.deepEqual(notes(result).sort(), ['MEDIA_FROM_ELSEWHERE', 'PRIVATE_MEDIA_ADDRESS']);
    assert.deepEqual(result.calls[0]!.streams.map(({ towards, by }) => [towards, by]).sort(), [
      ['callee', 'destination'],
      ['caller', 'source'],
    ]);
  });

  it('knows media whose addresses were translated, by its ports', async () => {
    const result = await analyzed([
      ...callPackets({ callerMedia: '203.0.113.1:40000', calleeMedia: '203.0.113.2:50000' }),
      ...bothWays(),
    ]);
    assert.deepEqual(faults(result), []);
    assert.deepEqual(
      result.calls[0]!.streams.map(({ towards, by }) => [towards, by]),
      [
        ['callee', 'ports'],
        ['caller', 'symmetric'],
      ],
    );
  });

  it('finds RTP in a codec that was not agreed on', async () => {
    const result = await analyzed([
      ...callPackets({ payloads: '8' }),
      ...mediaPackets({ fromMs: 3020, toMs: 9000, payloadType: 8, law: 'PCMA' }),
      ...mediaBack({ fromMs: 3020, toMs: 9000 }),
    ]);
    assert.deepEqual(faults(result), ['CODEC_MISMATCH']);
    assert.match(result.findings[0]!.summary, /payload type 0; offer and answer agreed on 8 \(PCMA\)/);
  });

  it('reads digits, each once', async () => {
    const event = (n: number, digit: number, last: boolean) => ({
      ...mediaPackets({ fromMs: 0, toMs: 20, payloadType: 101 })[0]!,
      atMs: 4000 + digit * 200 + n * 20,
      payload: Buffer.concat([
        Buffer.from([0x80, 101, 0, n, 0, 0, 0, digit, 0, 0, 0, 1]),
        Buffer.from([digit, last ? 0x8a : 0x0a, 3, 32]),
      ]),
    });
    const events = [1, 2, 11].flatMap((digit) => [0, 1, 2, 3].map((n) => event(n, digit, n > 1)));
    const result = await analyzed([
      ...callPackets({ payloads: '0 101', attributes: ['a=rtpmap:101 telephone-event/8000'] }),
      ...bothWays(),
      ...events,
    ]);
    assert.deepEqual([faults(result), notes(result)], [[], ['DTMF_SEEN']]);
    assert.match(result.findings[0]!.summary, /caller dialled 12#/);
    assert.deepEqual(
      result.calls[0]!.ears.callee!.digits.map(({ digit, durationMs }) => [digit, durationMs]),
      [
        ['1', 100],
        ['2', 100],
        ['#', 100],
      ],
    );
  });
});
