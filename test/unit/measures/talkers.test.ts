import assert from 'node:assert/strict';
import { signatureKey } from '../../../src/audio/signature.js';
import type { Evidence, RtpStream, SipMessage } from '../../../src/evidence/types.js';
import { indexCalls, measureCall } from '../../../src/measures/calls.js';
import { talkerProblems } from '../../../src/measures/talkers.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import type { Plan } from '../../../src/plan/types.js';
import { emptyEvidence, journal } from '../../fixtures/measures.js';
import { ADDRESS, sdp, sip } from '../../fixtures/messages.js';
import { cut, plan, plannedCall } from '../../fixtures/plans.js';
import { packetize, signed, streamOf, type Packet } from '../../fixtures/streams.js';
import { ToneSource } from '../../../src/audio/tones.js';

const ANSWERED = 3000;
const ENDED = 7000;
const INVITE = { method: 'INVITE' };
const up = { src: ADDRESS.desk, dst: ADDRESS.sbcLan };
const down = { src: ADDRESS.sbcLan, dst: ADDRESS.desk };
const toB = { src: ADDRESS.sbcB, dst: ADDRESS.carrierB };
const fromB = { src: ADDRESS.carrierB, dst: ADDRESS.sbcB };
const atDesk = (atMs: number, sent: boolean) => ({ node: 'desk', interface: 'sbc', sent, atMs });
const atCarrier = (atMs: number, sent: boolean) => ({ node: 'carrier-b', interface: 'firewall', sent, atMs });
const messages = [
  sip(atDesk(1000, true), { ...INVITE, ...up, sdp: sdp(ADDRESS.desk, 10_000) }),
  sip(atCarrier(1002, false), { ...INVITE, ...toB, sdp: sdp(ADDRESS.sbcB, 30_002) }),
  sip(atCarrier(ANSWERED - 2, true), {
    ...INVITE,
    ...fromB,
    status: 200,
    sdp: sdp(ADDRESS.carrierB, 20_000),
  }),
  sip(atDesk(ANSWERED, false), { ...INVITE, ...down, status: 200, sdp: sdp(ADDRESS.sbcLan, 30_000) }),
  sip(atDesk(ENDED, true), { method: 'BYE', ...up, cseq: 2 }),
  sip(atCarrier(ENDED + 2, false), { method: 'BYE', ...toB, cseq: 2 }),
];

const key = (voice: 'from-caller' | 'from-callee', call = 'office-out-1') => signatureKey(7, call, voice);
const ofDesk = (packets: Packet[]): RtpStream => ({
  ...streamOf(packets),
  sent: true,
  src: { address: ADDRESS.desk, port: 10_000 },
});
const ofCarrier = (packets: Packet[]): RtpStream => ({
  ...streamOf(packets),
  file: 'captures/carrier-b.firewall.pcap',
  node: 'carrier-b',
  interface: 'firewall',
  sent: true,
  src: { address: ADDRESS.carrierB, port: 20_000 },
});
const caller = signed(key('from-caller'), ANSWERED + 3, ENDED);
const callee = signed(key('from-callee'), ANSWERED, ENDED + 2);
const without = (packets: Packet[], fromMs: number, toMs: number) =>
  packets.filter(({ atMs }) => atMs < fromMs || atMs >= toMs);

function problems(
  rtp: RtpStream[],
  {
    faults = [],
    sip = messages,
    of = plan(),
  }: { faults?: PlannedFault[]; sip?: SipMessage[]; of?: Plan } = {},
) {
  const calls = [plannedCall(1)];
  const whole = { ...of, calls, faults };
  const evidence: Evidence = { ...emptyEvidence(whole), sip, rtp };
  const index = indexCalls(whole, evidence);
  const truth = injectedTruth(whole, journal(whole));
  return talkerProblems(
    index,
    truth,
    calls.map((call) => measureCall(call, index)),
  );
}
const summaries = (...args: Parameters<typeof problems>) => problems(...args).map(({ summary }) => summary);

describe('talkerProblems', () => {
  it('has nothing to say of two who talked from the answer to the end', () => {
    assert.deepEqual(problems([ofDesk(caller), ofCarrier(callee)]), []);
    const startedLate = without(caller, 0, ANSWERED + 180);
    assert.deepEqual(problems([ofDesk(startedLate), ofCarrier(without(callee, 5000, 5080))]), []);
  });

  it('blames the harness for a talker that never talked', () => {
    const [problem, ...more] = problems([ofDesk(caller)]);
    assert.deepEqual([problem?.code, more], ['LOAD_GENERATOR_STALLED', []]);
    assert.match(problem?.summary ?? '', /^1 of 2 sides .* carrier-b in office-out-1 for 400\d ms\.$/);
    assert.equal(problem?.evidence[0]?.file, 'captures/carrier-b.firewall.pcap');
  });

  it('blames it for a late start, a pause and an early end, and cites the frame before', () => {
    for (const [fromMs, toMs] of [
      [0, ANSWERED + 230],
      [5000, 5140],
      [ENDED - 120, ENDED + 100],
    ] as const)
      assert.equal(
        problems([ofDesk(without(caller, fromMs, toMs)), ofCarrier(callee)]).length,
        1,
        `${fromMs} to ${toMs}`,
      );
    const [problem] = problems([ofDesk(caller), ofCarrier(without(callee, 5000, 5140))]);
    assert.deepEqual(problem?.evidence[0], {
      file: 'captures/carrier-b.firewall.pcap',
      frame: 100,
      atMs: 4980,
      note: 'office-out-1: carrier-b then sends nothing for 160 ms',
    });
  });

  it('wants no more of a party than until it saw the BYE itself', () => {
    const early = [
      ...messages.slice(0, -1),
      sip(atCarrier(5000, true), { method: 'BYE', ...fromB, cseq: 2 }),
    ];
    assert.deepEqual(problems([ofDesk(caller), ofCarrier(without(callee, 5000, 9000))], { sip: early }), []);
  });

  it('wants its own voice, and lets ringback go on for a moment after the answer', () => {
    const ringback = packetize({ source: new ToneSource('ringback-us'), fromMs: 2000, toMs: ANSWERED + 100 });
    const voice = signed(key('from-callee'), ANSWERED + 100, ENDED);
    const stamped = voice.map((packet, i) => ({
      ...packet,
      sequence: (1000 + ringback.length + i) & 0xffff,
      timestamp: 5000 + (ringback.length + i) * 160,
    }));
    assert.deepEqual(problems([ofDesk(caller), ofCarrier([...ringback, ...stamped])]), []);
    const stranger = signed(key('from-callee', 'office-out-2'), ANSWERED, ENDED);
    assert.match(summaries([ofDesk(caller), ofCarrier(stranger)])[0] ?? '', /^1 of 2 .* own voice/);
    const silent = callee.map((packet, i) =>
      i >= 100 && i < 115 ? { ...packet, payload: new Uint8Array(160).fill(0xff) } : packet,
    );
    const [problem] = problems([ofDesk(caller), ofCarrier(silent)]);
    assert.equal(problem?.code, 'LOAD_GENERATOR_STALLED');
    assert.ok(Math.abs((problem?.evidence[0]?.frame ?? 0) - 101) <= 3, `${problem?.evidence[0]?.frame}`);
  });

  it('is not misled by a sender that is late at times', () => {
    const late = callee.map((packet, i) => ({ ...packet, atMs: packet.atMs + (i % 7 < 2 ? 35 : 0) }));
    assert.deepEqual(problems([ofDesk(caller), ofCarrier(late)]), []);
  });

  it('excuses who was cut off from its own interface, and nobody for a cut further on', () => {
    const silent = [ofDesk(without(caller, 4000, 6000)), ofCarrier(callee)];
    const down = (target: string, mode: string) => [cut(1, 4000, 6000, { target, mode })];
    assert.deepEqual(problems(silent, { faults: down('desk--sbc', 'carrier-down') }), []);
    assert.equal(problems(silent, { faults: down('desk--sbc', 'blackhole') }).length, 1);
    assert.equal(problems(silent, { faults: down('sbc--firewall', 'carrier-down') }).length, 1);
  });

  it('excuses who was told no address, or one that nobody has', () => {
    const untold = messages.map((one) =>
      one.seen.node === 'desk' && one.status === 200 ? { ...one, sdp: null } : one,
    );
    assert.deepEqual(problems([ofCarrier(callee)], { sip: untold }), []);
    const base = plan();
    const addressed = (address: string) => ({
      ...base,
      lab: {
        ...base.lab,
        nodes: base.lab.nodes.map((node) => ({
          ...node,
          interfaces: node.interfaces.map((iface) => ({
            ...iface,
            address: node.name === 'desk' ? ADDRESS.desk : node.name === 'sbc' ? address : iface.address,
          })),
        })),
      },
    });
    assert.equal(problems([ofCarrier(callee)], { of: addressed(ADDRESS.sbcLan) }).length, 1);
    assert.deepEqual(problems([ofCarrier(callee)], { of: addressed('198.18.0.7') }), []);
  });
});
