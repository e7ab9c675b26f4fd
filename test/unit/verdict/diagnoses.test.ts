import assert from 'node:assert/strict';
import { judge } from '../../../src/verdict/judge.js';
import { codes, good, judged, theCut, twin, unmet } from '../../fixtures/judged.js';
import * as fixture from '../../fixtures/measures.js';
import { call, callsBy, deafEar, ear } from '../../fixtures/measures.js';
import { ADDRESS, rtp, sdp, sip } from '../../fixtures/messages.js';
import { cut, plan } from '../../fixtures/plans.js';

describe('diagnoses', () => {
  const lab = (values: object) => ({
    lab: { ...plan().lab, values: { ...plan().lab.values, ...values } },
  });

  it('SLOW_DETECTION: calls are still sent to a trunk long dead', () => {
    const blind = callsBy(80, (n) => ({ tried: n >= 20 && n < 60 ? ['a', 'b'] : ['a'] }));
    assert.deepEqual(codes(blind, lab({ 'probe-interval-s': 0 })), ['SLOW_DETECTION']);
    const [diagnosis] = judged(blind, lab({ 'probe-interval-s': 0 })).diagnoses;
    assert.match(
      diagnosis?.summary ?? '',
      /^20 calls were still sent to a first, up to 19.5 s after .* within 10 s\.$/,
    );
    assert.equal(diagnosis?.evidence[1]?.file, 'captures/sbc.carrier-a.pcap');
    // 2 misses at 1 s and time-outs at both of A's addresses: 4 s at worst, 6 s allowed, and two calls more are bad luck.
    const until = (last: number) =>
      callsBy(80, (n) => ({ tried: n >= 20 && n <= last ? ['a', 'b'] : n >= 20 && n < 68 ? ['b'] : ['a'] }));
    assert.deepEqual(codes(until(33)), []);
    assert.deepEqual(codes(until(34)), ['SLOW_DETECTION']);
  });

  it('NO_ADVANCE_ON_FAILURE: calls are lost on the dead trunk while another lives', () => {
    const stuck = callsBy(80, (n) => ({
      tried: n < 20 || n >= 68 || n < 24 ? ['a'] : ['b'],
      answered: n < 20 || n >= 24,
    }));
    assert.deepEqual(codes(stuck), ['NO_ADVANCE_ON_FAILURE']);
    const ringing = stuck.map((one) =>
      one.answeredAt === null ? { ...one, firstProvisionalAt: one.inviteAt! + 9 } : one,
    );
    assert.deepEqual(codes(ringing), []);
    const busy = stuck.map((one) => (one.answeredAt === null ? { ...one, finalStatus: 486 } : one));
    assert.deepEqual(codes(busy), []);
    const bothDead = [...theCut, cut(2, 10_000, 30_000, { target: 'sbc--firewall', entry: 1 })];
    assert.deepEqual(codes(stuck.slice(0, 24), { faults: bothDead }), []);
  });

  it('FLAPPING: traffic bounces', () => {
    const series = [0, 1, 2, 3].map((n) => cut(n + 1, 8000 + 7000 * n, 11_000 + 7000 * n));
    const bouncing = callsBy(80, (n) => ({
      tried: (n * 500 + 5000) % 7000 < 2000 && n >= 18 ? ['b'] : ['a'],
    }));
    assert.equal(codes(bouncing, { faults: series })[0], 'FLAPPING');
    const calm = callsBy(80, (n) => ({ tried: n >= 20 && n < 72 ? ['b'] : ['a'] }));
    assert.deepEqual(codes(calm, { faults: series }), []);
  });

  it('PREMATURE_FAILBACK: calls go back while the primary is down', () => {
    const back = (...which: number[]) =>
      good.map((one, n) => (which.includes(n) ? call(n, { tried: ['a', 'b'] }) : one));
    assert.deepEqual(codes(back(40, 50)), ['PREMATURE_FAILBACK']);
    assert.deepEqual(codes(back(42, 46, 50, 54)), ['PREMATURE_FAILBACK'], 'and not SLOW_DETECTION');
    assert.deepEqual(codes(back(40)), []);
  });

  it('NO_FAILBACK: traffic never comes home, though there was time', () => {
    const never = callsBy(90, (n) => ({ tried: n < 20 ? ['a'] : n < 24 ? ['a', 'b'] : ['b'] }));
    assert.deepEqual(codes(never, { trafficMs: 45_000 }), ['NO_FAILBACK']);
    assert.deepEqual(codes(never.slice(0, 85)), [], 'four calls after the time of grace say nothing');
  });

  const deaf = (n: number) => ({
    tried: ['b'],
    ears: { caller: deafEar(n * 500 + 1000, n * 500 + 5000), callee: ear() },
    oneWay: true,
    oneWayAtEnd: true,
  });

  it('NODE_DIED: a program of the system ended, and what followed are its symptoms', () => {
    const of = fixture.planOf(
      callsBy(40, () => ({ ringsAfterMs: null })),
      { expectations: [unmet], faults: [] },
    );
    const calls = callsBy(40, () => ({ ringsAfterMs: null }));
    const died = (owner: 'system' | 'harness', program: string, atMs: number) =>
      ({ atMs, event: 'program-ended', node: 'sbc', program, owner, exitCode: 1, signal: null }) as const;
    const journal = [
      ...fixture.journal(of),
      died('system', 'rtpengine', 12_400),
      died('system', 'kamailio', 12_340),
    ];
    const result = judge(of, journal, fixture.emptyEvidence(of), fixture.measuresOf(of, calls));
    assert.deepEqual(
      result.diagnoses.map(({ code }) => code),
      ['NODE_DIED', 'NO_RINGBACK'],
    );
    assert.equal(
      result.diagnoses[0]?.summary,
      'kamailio on sbc ended at 12.34 s, with exit code 1, and 1 more after it.',
    );
    assert.deepEqual(result.diagnoses[0]?.evidence[0], {
      file: 'logs/sbc.kamailio.log',
      atMs: 12_340,
      note: 'kamailio ended',
    });
    const harness = [...fixture.journal(of), died('harness', 'sipp', 1)];
    const other = judge(of, harness, fixture.emptyEvidence(of), fixture.measuresOf(of, calls));
    assert.deepEqual(
      other.diagnoses.map(({ code }) => code),
      ['NO_RINGBACK'],
    );
  });

  it('ONE_WAY_AUDIO: not of a call that was tried on a faulty trunk before', () => {
    const lost = [cut(1, 10_000, 30_000, { mode: 'one-way', from: 'carrier-a' })];
    const retried = good.with(22, call(22, { ...deaf(22), tried: ['a', 'b'] }));
    assert.deepEqual(codes(retried, { faults: lost }), []);
    const straight = good.with(40, call(40, deaf(40)));
    assert.deepEqual(codes(straight, { faults: lost }), ['ONE_WAY_AUDIO']);
  });

  it('MEDIA_BLOCKED_ON_BACKUP: RTP is sent by the carrier and never arrives', () => {
    const calls = callsBy(80, (n) =>
      n < 20 || n >= 68 ? {} : n < 24 ? { ...deaf(n), tried: ['a', 'b'] } : deaf(n),
    );
    const answering = { node: 'carrier-b', interface: 'firewall', sent: true };
    const talking = (n: number, sends = true) => {
      const callId = `office-out-${n}@test`;
      const fromMs = n * 500;
      return {
        sip: [
          sip(
            { node: 'desk', interface: 'sbc', sent: true, atMs: fromMs },
            {
              method: 'INVITE',
              callId,
              src: ADDRESS.desk,
              dst: ADDRESS.sbcLan,
              sdp: sdp(ADDRESS.desk, 10_000),
            },
          ),
          sip(
            { ...answering, atMs: fromMs + 990 },
            {
              method: 'INVITE',
              status: 200,
              callId,
              src: ADDRESS.carrierB,
              dst: ADDRESS.sbcB,
              sdp: sdp(ADDRESS.carrierB, 20_000 + 2 * n),
            },
          ),
        ],
        rtp: sends
          ? [
              rtp(
                { ...answering, src: `198.18.3.2:${20_000 + 2 * n}`, dst: '198.18.2.1:30000' },
                { fromMs: fromMs + 1010 },
              ),
            ]
          : [],
      };
    };
    const evidenceOf = (sends: (n: number) => boolean) => {
      const all = calls.map((_, n) => talking(n, sends(n)));
      return { sip: all.flatMap((one) => one.sip), rtp: all.flatMap((one) => one.rtp) };
    };
    const evidence = evidenceOf(() => true);
    const result = judged(calls, twin('MEDIA_BLOCKED_ON_BACKUP'), { evidence });
    assert.deepEqual(
      result.diagnoses.map(({ code }) => code),
      ['MEDIA_BLOCKED_ON_BACKUP', 'ONE_WAY_AUDIO'],
    );
    assert.equal(result.asExpected, true);
    assert.match(
      result.diagnoses[0]?.summary ?? '',
      /^44 of 44 calls by b were answered, but desk never heard carrier-b: RTP was last seen leaving carrier-b \(50 packets\), and none arrived at desk\./,
    );
    assert.deepEqual(result.diagnoses[0]?.evidence[0]?.file, 'captures/carrier-b.firewall.pcap');
    const mute = { evidence: evidenceOf((n) => n < 40) };
    assert.equal(codes(calls, {}, mute)[0], 'ONE_WAY_AUDIO', 'half of the talkers said nothing themselves');
    const onlyRang = evidence.rtp.map((stream) => ({ ...stream, atMs: stream.atMs.map((at) => at - 995) }));
    const rang = codes(calls, {}, { evidence: { ...evidence, rtp: onlyRang } });
    assert.equal(rang[0], 'ONE_WAY_AUDIO', 'they sent ringback before the answer, and nothing after it');
  });

  it('MEDIA_BLOCKED_ON_BACKUP needs a healthy primary to compare with', () => {
    const everywhere = callsBy(80, (n) => ({ ...deaf(n), tried: [n < 20 || n >= 68 ? 'a' : 'b'] }));
    assert.equal(codes(everywhere)[0], 'ONE_WAY_AUDIO');
    const few = callsBy(80, (n) => (n < 20 || n >= 68 ? {} : n < 30 ? deaf(n) : { tried: ['b'] }));
    assert.equal(codes(few)[0], 'ONE_WAY_AUDIO');
  });

  it('DEAD_AIR: neither hears, and no fault explains it', () => {
    const dead = (n: number) => {
      const ears = {
        caller: deafEar(n * 500 + 1000, n * 500 + 5000),
        callee: deafEar(n * 500 + 1000, n * 500 + 5000),
      };
      return call(n, { ears, deadAir: true, oneWay: false });
    };
    assert.deepEqual(codes(good.with(3, dead(3))), ['DEAD_AIR']);
    assert.deepEqual(codes(good.with(18, dead(18))), [], 'the cut came while this call was up');
  });

  it('NO_RINGBACK: calls get through in silence', () => {
    const mute = callsBy(40, () => ({ ringsAfterMs: null }));
    assert.deepEqual(codes(mute, { faults: [] }), ['NO_RINGBACK']);
    const toneless = callsBy(40, () => ({ audibleRingbackAt: null }));
    assert.match(judged(toneless, { faults: [] }).diagnoses[0]?.summary ?? '', /no ringback tone was in it/);
    assert.deepEqual(
      codes(good.with(19, call(19, { audibleRingbackAt: null }))),
      [],
      'cut off while it rang',
    );
  });
});
