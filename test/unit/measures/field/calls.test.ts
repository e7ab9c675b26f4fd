import assert from 'node:assert/strict';
import { analyzeCaptures, type CaptureAnalysis } from '../../../../src/run/analyze.js';
import { ToneSource } from '../../../../src/audio/tones.js';
import {
  CALLEE,
  CALLER,
  callPackets,
  CaptureFolder,
  mediaBack,
  mediaPackets,
  sipPacket,
} from '../../../fixtures/field.js';
import type { WireFrame, WirePacket } from '../../../fixtures/pcap.js';

/** Both ways of the media of `callPackets`. */
const bothWays = (fromMs = 3020, toMs = 9000) => [
  ...mediaPackets({ fromMs, toMs }),
  ...mediaBack({ fromMs, toMs }),
];

async function analyzed(...captures: (WirePacket | WireFrame)[][]): Promise<CaptureAnalysis> {
  using folder = new CaptureFolder();
  return await analyzeCaptures(captures.map((packets, i) => folder.write(`${i}.pcap`, packets)));
}

const faults = ({ findings }: CaptureAnalysis): string[] =>
  findings.filter(({ severity }) => severity === 'fault').map(({ code }) => code);
const notes = ({ findings }: CaptureAnalysis): string[] =>
  findings.filter(({ severity }) => severity === 'note').map(({ code }) => code);

describe('calls found in captures', () => {
  it('has nothing to say against a call that is well', async () => {
    const result = await analyzed([...callPackets(), ...bothWays()]);
    const [call] = result.calls;
    assert.ok(call);
    assert.deepEqual(result.findings, []);
    assert.equal(result.exitCode, 0);
    const { inviteAt, ringbackAt, audibleRingbackAt, answeredAt, endedAt } = call;
    const near = (actual: number | null, expected: number) => assert.ok(Math.abs(actual! - expected) < 0.01);
    near(inviteAt, 0);
    near(ringbackAt, 200);
    near(audibleRingbackAt, 200);
    near(answeredAt, 3000);
    near(endedAt, 9000);
    assert.deepEqual(
      [call.from, call.to, call.finalStatus, call.endedBy, call.endedWith, call.ringbackKind],
      ['1000', '2000', 200, 'caller', 'BYE', 'local'],
    );
    assert.equal(call.ears.caller?.class, 'other-audio');
    assert.equal(call.ears.callee?.class, 'other-audio');
    assert.equal(call.ears.caller.judgedBy, 'activity');
    assert.equal(call.ears.caller.mos.conversational, null);
    assert.ok(call.ears.caller.mos.listening! > 4.3);
    assert.deepEqual(
      call.streams.map(({ towards, by, codec, figures }) => [
        towards,
        by,
        codec,
        figures.received,
        figures.lost,
      ]),
      [
        ['callee', 'both-ends', 'PCMU', 299, 0],
        ['caller', 'both-ends', 'PCMU', 299, 0],
      ],
    );
  });

  it('tells who hung up', async () => {
    const result = await analyzed([...callPackets({ byeBy: 'callee' }), ...bothWays()]);
    assert.equal(result.calls[0]?.endedBy, 'callee');
  });

  it('marks retransmissions, and takes a frame that was captured twice for one', async () => {
    const [invite, ...rest] = callPackets();
    const copy = { ...invite!, atMs: 1 };
    const again = { ...invite!, atMs: 500 };
    const result = await analyzed([invite!, copy, again, ...rest.slice(1), ...bothWays()]);
    const ladder = result.calls[0]!.legs[0]!.messages;
    const invites = ladder.filter(({ request }) => request === 'INVITE');
    assert.deepEqual(
      invites.map(({ retransmission, sights }) => [retransmission, sights.length]),
      [
        [false, 2],
        [true, 1],
      ],
    );
  });

  it('finds calls that began before the capture', async () => {
    const packets = [...callPackets(), ...bothWays()].filter(({ atMs }) => atMs > 3500);
    const result = await analyzed(packets);
    assert.equal(result.calls[0]?.inviteAt, null);
    assert.equal(result.calls[0].endedWith, 'BYE');
    assert.equal(result.calls[0].streams.length, 0, 'no SDP tells whose the media is');
    assert.equal(result.loose.length, 1);
    assert.deepEqual(
      [result.loose[0]!.ears.caller?.class, result.loose[0]!.ears.callee?.class],
      ['other-audio', 'other-audio'],
    );
  });

  it('hears ringback in early media, and misses it where there is none', async () => {
    const early = (source?: ToneSource) => [
      ...callPackets({ ringMs: null }),
      sipPacket({ atMs: 300, start: '183 Session Progress', media: `${CALLEE}:50000` }),
      ...mediaBack({ fromMs: 400, toMs: 3000, ssrc: 7, source: source ?? new ToneSource('silence') }),
      ...bothWays(),
    ];
    const ringing = await analyzed(early(new ToneSource('ringback-us')));
    const [call] = ringing.calls;
    assert.equal(call?.ringbackKind, 'early-media');
    assert.ok(Math.abs(call.ringbackAt! - 300) < 0.01);
    assert.ok(Math.abs(call.audibleRingbackAt! - 450) < 40, `heard at ${call.audibleRingbackAt}`);
    assert.deepEqual(faults(ringing), []);
    const silent = await analyzed(early());
    assert.deepEqual(faults(silent), ['NO_RINGBACK']);
    assert.match(silent.findings[0]!.summary, /only silence in it/);
    assert.equal(silent.exitCode, 1);
  });

  it('misses ringing that was never signalled', async () => {
    const result = await analyzed([...callPackets({ ringMs: null }), ...bothWays()]);
    assert.deepEqual(faults(result), ['NO_RINGBACK']);
    assert.deepEqual(
      result.findings[0]!.evidence.map(({ frame, note }) => [frame, note]),
      [
        [1, 'INVITE'],
        [3, '200'],
        [
          result.calls[0]!.legs[0]!.messages.find(({ request }) => request === 'BYE')!.sights[0]!.frame,
          'BYE',
        ],
      ],
    );
  });

  it('finds an INVITE that nobody answers, until Timer B', async () => {
    const sent = [0, 500, 1500, 3500, 7500, 15_500, 31_500];
    const result = await analyzed(
      sent.map((atMs) => sipPacket({ atMs, start: 'INVITE', media: `${CALLER}:40000` })),
    );
    assert.deepEqual(faults(result), ['NO_RESPONSE']);
    assert.match(result.findings[0]!.summary, /7 times over 31\.50 s .*Timer B ran out/);
    assert.deepEqual(
      result.findings[0]!.evidence.map(({ frame }) => frame),
      [1, 7],
    );
    assert.equal(result.calls[0]?.finalStatus, null);
  });

  it('finds a 200 that is sent again for want of an ACK', async () => {
    const packets = callPackets().filter(({ payload }) => !String(payload).startsWith('ACK'));
    const answer = packets.find(({ payload }) => String(payload).startsWith('SIP/2.0 200'))!;
    const again = [500, 1500].map((later) => ({ ...answer, atMs: answer.atMs + later }));
    assert.deepEqual(faults(await analyzed([...packets, ...again, ...bothWays()])), ['NO_ACK']);
  });

  it('tells refusals of the network from those of a user', async () => {
    const refused = (start: string) => [
      sipPacket({ atMs: 0, start: 'INVITE', media: `${CALLER}:40000` }),
      sipPacket({ atMs: 100, start }),
      sipPacket({ atMs: 120, start: 'ACK', toTag: 'b' }),
    ];
    assert.deepEqual(faults(await analyzed(refused('503 Service Unavailable'))), ['CALL_FAILED']);
    const busy = await analyzed(refused('486 Busy Here'));
    assert.deepEqual(busy.findings, []);
    assert.deepEqual([busy.calls[0]?.finalStatus, busy.calls[0]?.endedWith], [486, 'final response']);
  });

  it('goes by the last answer of a call that was challenged first', async () => {
    const result = await analyzed([
      sipPacket({ atMs: 0, start: 'INVITE', media: `${CALLER}:40000` }),
      sipPacket({ atMs: 10, start: '407 Proxy Authentication Required' }),
      sipPacket({ atMs: 20, start: 'ACK', toTag: 'b' }),
      ...callPackets({ atMs: 100 }).map((packet) => ({
        ...packet,
        payload: String(packet.payload)
          .replaceAll('z9hG4bK-c1-1', 'z9hG4bK-c1-3')
          .replace(/CSeq: 1/, 'CSeq: 3'),
      })),
      ...bothWays(3200, 9100),
    ]);
    assert.deepEqual([result.calls.length, result.calls[0]?.finalStatus], [1, 200]);
    assert.deepEqual(result.findings, []);
  });

  it('counts SIP that is of no call', async () => {
    const options = [1, 2].map((cseq) =>
      sipPacket({ atMs: cseq * 100, start: 'OPTIONS', callId: `o${cseq}`, cseq, toTag: null }),
    );
    const result = await analyzed([...callPackets(), ...bothWays(), ...options]);
    assert.deepEqual([result.otherSip, result.calls.length], [{ OPTIONS: 2 }, 1]);
  });
});

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
