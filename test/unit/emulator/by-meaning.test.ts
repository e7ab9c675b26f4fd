import assert from 'node:assert/strict';
import type { LinkState } from '../../../src/emulator/contract.js';
import { type FaultOfLink, stateUnder } from '../../../src/faults/action.js';
import { compilePlans } from '../../../src/plan/compile.js';
import { type FrameFields, frameOf, rtpPayload, sipPayload } from '../../fixtures/frames.js';
import { edited, loadText, scenarioText } from '../../fixtures/inputs.js';
import { carry } from '../../fixtures/wire-carrier.js';

const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;

/** What the link does under the entries of a scenario file, all of them in force. */
function stateOf(...entries: string[]): LinkState {
  const written = entries.map((entry) => `{ at: 8s, for: 10s, ${entry} }`).join('\n  - ');
  const text = edited(scenarioText, '{ at: 8s, cut: sbc--carrier-a, for: 10s }', written);
  const [plan] = compilePlans(loadText(text), options);
  const link = plan?.lab.links.find(({ name }) => name === 'sbc--carrier-a');
  assert.ok(plan && link);
  return stateUnder(plan.faults as FaultOfLink[], link);
}

const inDialog = { to: '<sip:b@198.18.0.2>;tag=1' };
const sip = (line: string, more = {}): FrameFields => ({ payload: sipPayload(line, more) });
const rtp = (ssrc: number): FrameFields => ({ payload: rtpPayload({ ssrc }), sourcePort: 40_000 });
type Packet = readonly [name: string, fields: FrameFields];

/** What both ends of a call send, in order; the SBC is its caller. */
const FROM_SBC: readonly Packet[] = [
  ['OPTIONS', sip('OPTIONS')],
  ['INVITE 1', sip('INVITE')],
  ['INVITE 2', sip('INVITE')],
  ['INVITE 3', sip('INVITE')],
  ['ACK', sip('ACK', inDialog)],
  ['RTP a', rtp(0xaaaa)],
  ['RTP b', rtp(0xbbbb)],
  ['re-INVITE', sip('INVITE', inDialog)],
  ['BYE', sip('BYE', inDialog)],
];
const FROM_CARRIER: readonly Packet[] = [
  ['200 OPTIONS', sip('200 OK', { cseq: 'OPTIONS' })],
  ['180', sip('180 Ringing')],
  ['183', sip('183 Session Progress')],
  ['200 INVITE', sip('200 OK')],
  ['200 INVITE again', sip('200 OK')],
  ['RTP c', rtp(0xcccc)],
  ['200 re-INVITE', sip('200 OK', inDialog)],
  ['200 BYE', sip('200 OK', { cseq: 'BYE' })],
];

/** Names of the packets that were lost, with how late others were, both ways. */
function metBy(state: LinkState): string[] {
  return [[FROM_SBC, state.aToB] as const, [FROM_CARRIER, state.bToA] as const].flatMap(
    ([packets, direction]) => {
      const frames = packets.map(([, fields]) => frameOf(fields));
      const { deliveries } = carry(
        7,
        frames.map((frame, index) => ({ gapMs: 20, frame, state: index === 0 ? direction : null })),
      );
      for (const { frame, bytes } of deliveries) {
        // The carrier writes its number over the last four bytes.
        const sent = frames[frame]!;
        assert.deepEqual(bytes.subarray(0, -4), sent.subarray(0, -4), 'nothing is rewritten');
        assert.equal(bytes.length, sent.length);
      }
      const lateMs = new Map(deliveries.map(({ frame, atMs, sentMs }) => [frame, Math.round(atMs - sentMs)]));
      return packets.flatMap(([name], index) => {
        const late = lateMs.get(index);
        return late === 0 ? [] : [late === undefined ? name : `${name} +${late}`];
      });
    },
  );
}

describe('a fault that is chosen by meaning', () => {
  const block = (only: string, more = '') => `block: sbc--carrier-a, ${more} only: ${only}`;
  const cases: [what: string, entry: string, met: string[]][] = [
    ['the first two INVITEs', block('{ sip: { method: INVITE, first: 2 } }'), ['INVITE 1', 'INVITE 2']],
    ['all OPTIONS', block('{ sip: { method: OPTIONS } }'), ['OPTIONS']],
    [
      'every 200 to INVITE',
      block('{ sip: { method: INVITE, status: 200 } }'),
      ['200 INVITE', '200 INVITE again', '200 re-INVITE'],
    ],
    ['re-INVITEs', block('{ sip: { reinvite: true } }'), ['re-INVITE']],
    [
      'INVITEs that begin a call',
      block('{ sip: { reinvite: false } }'),
      ['INVITE 1', 'INVITE 2', 'INVITE 3'],
    ],
    ['RTP of one SSRC', block('{ rtp: { ssrc: 48059 } }'), ['RTP b']],
    ['RTP of one direction', block('{ rtp: {} }', 'from: carrier-a,'), ['RTP c']],
    ['RTP of the other', block('{ rtp: {} }', 'from: sbc,'), ['RTP a', 'RTP b']],
    ['SIP from one port to another', block('{ sip: {}, from-port: 5061, port: 5060 }'), []],
    [
      '180s, which come late, and nothing waits for them',
      'impair: sbc--carrier-a, only: { sip: { status: 180 } }, delay: 3s',
      ['180 +3000'],
    ],
    [
      'provisional answers, as a class',
      'impair: sbc--carrier-a, only: { sip: { status: 1xx } }, delay: 500ms',
      ['180 +500', '183 +500'],
    ],
  ];
  for (const [what, entry, met] of cases)
    it(`meets ${what}, and nothing else`, () => assert.deepEqual(metBy(stateOf(entry)), met));

  it('stands beside others: a packet meets one of them, and a block before the rest', () => {
    const state = stateOf(
      'impair: sbc--carrier-a, delay: 30ms',
      'impair: sbc--carrier-a, only: { rtp: {} }, delay: 70ms',
      block('{ rtp: { ssrc: 43690 } }'),
      block('{ sip: {} }', 'from: sbc,'),
    );
    assert.deepEqual(metBy(state), [
      ...['OPTIONS', 'INVITE 1', 'INVITE 2', 'INVITE 3', 'ACK', 'RTP a', 'RTP b +70', 're-INVITE', 'BYE'],
      ...['200 OPTIONS +30', '180 +30', '183 +30', '200 INVITE +30', '200 INVITE again +30', 'RTP c +70'],
      ...['200 re-INVITE +30', '200 BYE +30'],
    ]);
  });
});
