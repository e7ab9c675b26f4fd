import assert from 'node:assert/strict';
import { indexCalls, measureCall } from '../../../src/measures/calls.js';
import { earStreams } from '../../../src/measures/ears.js';
import type { Evidence, SipMessage } from '../../../src/evidence/types.js';
import { emptyEvidence } from '../../fixtures/measures.js';
import { ADDRESS, rtp, sdp, sip } from '../../fixtures/messages.js';
import { plan, plannedCall } from '../../fixtures/plans.js';

const atDesk = (atMs: number, sent: boolean) => ({ node: 'desk', interface: 'sbc', sent, atMs });
const atSbcA = (atMs: number, sent: boolean) => ({ node: 'sbc', interface: 'carrier-a', sent, atMs });
const atCarrierA = (atMs: number, sent: boolean) => ({ node: 'carrier-a', interface: 'sbc', sent, atMs });
const atCarrierB = (atMs: number, sent: boolean) => ({
  node: 'carrier-b',
  interface: 'firewall',
  sent,
  atMs,
});
const up = { src: ADDRESS.desk, dst: ADDRESS.sbcLan };
const down = { src: ADDRESS.sbcLan, dst: ADDRESS.desk };
const toA = { src: ADDRESS.sbcA, dst: ADDRESS.carrierA };
const fromA = { src: ADDRESS.carrierA, dst: ADDRESS.sbcA };
const toB = { src: ADDRESS.sbcB, dst: ADDRESS.carrierB };
const fromB = { src: ADDRESS.carrierB, dst: ADDRESS.sbcB };
const INVITE = { method: 'INVITE' };

/** Blackholed at A, advanced to B, early media, answered, ended by the caller. */
const advanced: SipMessage[] = [
  sip(atDesk(100, true), { ...INVITE, ...up, sdp: sdp(ADDRESS.desk, 10_000) }),
  sip(atDesk(101, false), { ...INVITE, ...down, status: 100 }),
  sip(atSbcA(102, true), { ...INVITE, ...toA, branch: 'A' }),
  sip(atSbcA(602, true), { ...INVITE, ...toA, branch: 'A', retransmission: true }),
  sip(atCarrierB(1105, false), { ...INVITE, ...toB, branch: 'B' }),
  sip(atCarrierB(1110, true), {
    ...INVITE,
    ...fromB,
    branch: 'B',
    status: 183,
    sdp: sdp(ADDRESS.carrierB, 20_000),
  }),
  sip(atDesk(1115, false), { ...INVITE, ...down, status: 183, sdp: sdp(ADDRESS.sbcLan, 30_000) }),
  sip(atCarrierB(2000, true), {
    ...INVITE,
    ...fromB,
    branch: 'B',
    status: 200,
    sdp: sdp(ADDRESS.carrierB, 20_000),
  }),
  sip(atDesk(2005, false), { ...INVITE, ...down, status: 200, sdp: sdp(ADDRESS.sbcLan, 30_000) }),
  sip(atDesk(6005, true), { method: 'BYE', ...up, cseq: 2 }),
];

const measured = (sipMessages: SipMessage[], planned = plannedCall(1), rest: Partial<Evidence> = {}) => {
  const evidence = { ...emptyEvidence(plan()), ...rest, sip: sipMessages };
  return measureCall(planned, indexCalls(plan({ calls: [planned] }), evidence));
};

describe('measureCall', () => {
  it('takes the times of a call from the capture at its caller', () => {
    const call = measured([...advanced].reverse());
    const { inviteAt, firstProvisionalAt, ringbackAt, ringbackKind, answeredAt, endedAt, finalStatus } = call;
    assert.deepEqual(
      { inviteAt, firstProvisionalAt, ringbackAt, ringbackKind, answeredAt, endedAt, finalStatus },
      {
        inviteAt: 100,
        firstProvisionalAt: 1115,
        ringbackAt: 1115,
        ringbackKind: 'early-media',
        answeredAt: 2005,
        endedAt: 6005,
        finalStatus: 200,
      },
    );
    assert.equal(call.audibleRingbackAt, null, 'a tone in early media has yet to be heard');
  });

  it('finds the try that vanished in the black hole, and the one that was answered', () => {
    const call = measured(advanced);
    assert.equal(call.trunk, 'b');
    assert.deepEqual(
      call.attempts.map(({ trunk, atMs, status }) => ({ trunk, atMs, status })),
      [
        { trunk: 'a', atMs: 102, status: null },
        { trunk: 'b', atMs: 1105, status: 200 },
      ],
    );
    assert.equal(call.attempts[0]?.evidence.file, 'captures/sbc.carrier-a.pcap');
  });

  it('tells two addresses of one carrier apart by their branches', () => {
    const second = sip(atSbcA(700, true), {
      ...INVITE,
      src: ADDRESS.sbcA,
      dst: ADDRESS.carrierA2,
      branch: 'A2',
    });
    assert.deepEqual(
      measured([...advanced, second]).attempts.map(({ trunk }) => trunk),
      ['a', 'a', 'b'],
    );
  });

  it('counts no response that left the carrier and never came back to the SBC', () => {
    const lost = [
      sip(atSbcA(102, true), { ...INVITE, ...toA, branch: 'A' }),
      sip(atCarrierA(103, false), { ...INVITE, ...toA, branch: 'A' }),
      sip(atCarrierA(104, true), { ...INVITE, ...fromA, branch: 'A', status: 503 }),
    ];
    assert.equal(measured(lost).attempts.length, 1);
    assert.equal(measured(lost).attempts[0]?.status, null);
    const back = sip(atSbcA(105, false), { ...INVITE, ...fromA, branch: 'A', status: 503 });
    assert.equal(measured([...lost, back]).attempts[0]?.status, 503);
  });

  it('rings locally at a 180, and a re-INVITE is no new attempt', () => {
    const local = [
      sip(atDesk(100, true), { ...INVITE, ...up }),
      sip(atDesk(300, false), { ...INVITE, ...down, status: 180 }),
      sip(atCarrierA(500, false), {
        ...INVITE,
        ...toA,
        branch: 'R',
        to: { user: null, host: 'x', tag: 't' },
      }),
    ];
    const call = measured(local);
    assert.deepEqual([call.ringbackKind, call.ringbackAt, call.audibleRingbackAt], ['local', 300, 300]);
    assert.deepEqual(call.attempts, []);
    assert.equal(call.trunk, null);
  });

  it('does not take a 183 without SDP for ringing', () => {
    const quiet = [
      sip(atDesk(100, true), { ...INVITE, ...up }),
      sip(atDesk(300, false), { ...INVITE, ...down, status: 183 }),
    ];
    assert.deepEqual([measured(quiet).firstProvisionalAt, measured(quiet).ringbackAt], [300, null]);
  });

  it('ends with the failure, and with the last packet where nothing else tells', () => {
    const failed = [
      sip(atDesk(100, true), { ...INVITE, ...up, sdp: sdp(ADDRESS.desk, 10_000) }),
      sip(atDesk(900, false), { ...INVITE, ...down, status: 503 }),
    ];
    assert.deepEqual([measured(failed).endedAt, measured(failed).finalStatus], [900, 503]);
    const stream = rtp(
      { node: 'desk', interface: 'sbc', sent: false, src: '198.18.0.1:30000', dst: '198.18.0.10:10000' },
      { fromMs: 2100, packets: 11 },
    );
    const unended = advanced.filter(({ method }) => method !== 'BYE');
    assert.equal(measured(unended, plannedCall(1), { rtp: [stream] }).endedAt, 2300);
  });

  it('knows nothing of a call that was never placed, though an INVITE came', () => {
    const call = measured([sip(atDesk(50, false), { ...INVITE, ...down })]);
    assert.equal(call.inviteAt, null);
  });

  it('knows nothing of a call that nobody saw', () => {
    const call = measured([]);
    assert.deepEqual([call.inviteAt, call.endedAt, call.trunk, call.finalStatus], [null, null, null, null]);
  });

  it('takes the trunk of an inbound call from the carrier that placed it', () => {
    const planned = plannedCall(1, { direction: 'inbound', flow: 'office-in', caller: 'carrier-b' });
    const call = measured([sip(atCarrierB(50, true), { ...INVITE, ...fromB })], planned);
    assert.deepEqual([call.trunk, call.attempts.length, call.inviteAt], ['b', 1, 50]);
  });
});

describe('earStreams', () => {
  const desk = (fromMs: number, port: number) =>
    rtp(
      { node: 'desk', interface: 'sbc', sent: false, src: '198.18.0.1:30000', dst: `198.18.0.10:${port}` },
      { fromMs, packets: 20 },
    );
  const find = (streams: Evidence['rtp'], more: SipMessage[] = []) => {
    const calls = [plannedCall(1)];
    const evidence = { ...emptyEvidence(plan()), sip: [...advanced, ...more], rtp: streams };
    const index = indexCalls(plan({ calls }), evidence);
    const call = measureCall(calls[0]!, index);
    return { caller: earStreams(call, 'caller', index), callee: earStreams(call, 'callee', index) };
  };

  it('finds what arrived at the address that the ear itself announced', () => {
    const mine = desk(1200, 10_000);
    const carrier = rtp(
      { node: 'carrier-b', interface: 'firewall', sent: false, src: '198.18.2.1:1', dst: '198.18.3.2:20000' },
      { fromMs: 2100 },
    );
    const { caller, callee } = find([mine, desk(1200, 10_002), carrier]);
    assert.deepEqual(caller, [mine]);
    assert.deepEqual(callee, [carrier]);
  });

  it('leaves to a later call what comes to the same port after its announcement', () => {
    const later = sip(atDesk(9000, true), {
      ...INVITE,
      ...up,
      callId: 'office-out-9@test',
      sdp: sdp(ADDRESS.desk, 10_000),
    });
    const [mine, theirs] = [desk(1200, 10_000), desk(9100, 10_000)];
    assert.deepEqual(find([mine, theirs], [later]).caller, [mine]);
    assert.deepEqual(find([mine, theirs]).caller, [mine, theirs]);
  });
});
