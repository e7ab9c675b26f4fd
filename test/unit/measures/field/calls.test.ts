import assert from 'node:assert/strict';
import { ToneSource } from '../../../../src/audio/tones.js';
import { analyzed, bothWays, faults } from '../../../fixtures/analyzed.js';
import { CALLEE, CALLER, callPackets, mediaBack, sipPacket } from '../../../fixtures/field.js';

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
