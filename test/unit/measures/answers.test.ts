import assert from 'node:assert/strict';
import { answerProblems } from '../../../src/measures/answers.js';
import { indexCalls, measureCall } from '../../../src/measures/calls.js';
import { measureCodecs } from '../../../src/measures/call-codecs.js';
import { isSameNumber, measureNumbers } from '../../../src/measures/numbers.js';
import type { SipMessage } from '../../../src/evidence/types.js';
import { emptyEvidence } from '../../fixtures/measures.js';
import { ADDRESS, rtp, sdp, sip } from '../../fixtures/messages.js';
import { nodeFault } from '../../fixtures/node-faults.js';
import { plan, plannedCall } from '../../fixtures/plans.js';

const carrier = (sent: boolean, atMs: number) => ({ node: 'carrier-a', interface: 'sbc', sent, atMs });
const asked = (method: string, atMs: number) =>
  sip(carrier(false, atMs), { method, src: ADDRESS.sbcA, dst: ADDRESS.carrierA, branch: `b${atMs}` });
const said = (method: string, atMs: number, status: number) =>
  sip(carrier(true, atMs + 1), {
    method,
    status,
    src: ADDRESS.carrierA,
    dst: ADDRESS.sbcA,
    branch: `b${atMs}`,
  });
const exchange = (method: string, atMs: number, status: number) => [
  asked(method, atMs),
  said(method, atMs, status),
];

describe('what a node that was told to answer otherwise really said', () => {
  const problems = (invite: number | null, options: number | null, messages: SipMessage[]) => {
    const fault = nodeFault(1, 'carrier-a', 1000, 2000, { kind: 'answer', invite, options });
    const faults = [{ fault, fromMs: 1000, toMs: 2000, overMs: 2000 }];
    return answerProblems({ faults }, { sip: messages }).map(({ summary }) => summary);
  };

  it('is what was asked for, and as ever where nothing was', () => {
    const good = [
      ...exchange('INVITE', 1200, 503),
      ...exchange('OPTIONS', 1300, 200),
      ...exchange('INVITE', 2100, 180),
    ];
    assert.deepEqual(problems(503, null, good), []);
    assert.deepEqual(
      problems(null, 404, [...exchange('OPTIONS', 1300, 404), ...exchange('INVITE', 1400, 180)]),
      [],
    );
  });

  it('makes the run invalid if it is anything else', () => {
    const [first] = problems(503, null, [
      ...exchange('INVITE', 1200, 180),
      ...exchange('OPTIONS', 1300, 404),
    ]);
    assert.match(
      first ?? '',
      /^fault-1 on carrier-a: 2 answers are not what was asked for, such as 180 to INVITE/,
    );
    assert.equal(problems(null, 404, exchange('INVITE', 1400, 503)).length, 1);
  });
});

describe('numbers and codecs of a call', () => {
  const desk = (sent: boolean, atMs: number) => ({ node: 'desk', interface: 'sbc', sent, atMs });
  const leg = { method: 'INVITE', src: ADDRESS.desk, dst: ADDRESS.sbcLan, requestUri: 'sip:+12025550142@x' };
  const user = (name: string) => ({ user: name, host: 'x', tag: 'f' });
  const alaw = { ...sdp(ADDRESS.carrierA, 5000), payloads: [{ type: 8, codec: 'PCMA', clockHz: 8000 }] };
  const messages = (shown: string, headers: SipMessage['headers'] = []) => [
    sip(desk(true, 100), { ...leg, from: user('+12025550100'), sdp: sdp(ADDRESS.desk, 4000) }),
    sip(carrier(false, 110), {
      ...leg,
      src: ADDRESS.sbcA,
      dst: ADDRESS.carrierA,
      from: user(shown),
      headers,
    }),
    sip(carrier(true, 200), {
      method: 'INVITE',
      status: 200,
      src: ADDRESS.carrierA,
      dst: ADDRESS.sbcA,
      sdp: alaw,
    }),
    sip(desk(false, 210), { method: 'INVITE', status: 200, src: ADDRESS.sbcLan, dst: ADDRESS.desk }),
    sip(desk(true, 900), { method: 'BYE', src: ADDRESS.desk, dst: ADDRESS.sbcLan }),
  ];
  const measured = (all: SipMessage[], type = 0) => {
    const call = plannedCall(1);
    const of = plan({ calls: [call] });
    const stream = {
      ...rtp(
        { ...desk(false, 0), src: `${ADDRESS.sbcLan}:6000`, dst: `${ADDRESS.desk}:4000` },
        { fromMs: 220, packets: 10 },
      ),
      payloadType: new Uint8Array(10).fill(type),
    };
    const index = indexCalls(of, { ...emptyEvidence(of), sip: all, rtp: [stream] });
    const one = measureCall(call, index);
    return { numbers: measureNumbers(one, index), codecs: measureCodecs(one, index) };
  };

  it('are compared at both ends; P-Asserted-Identity goes before From', () => {
    const kept = measured(messages('+12025550100')).numbers;
    assert.ok(kept && isSameNumber(kept.caller) && isSameNumber(kept.dialled));
    const lost = measured(messages('anonymous')).numbers;
    assert.deepEqual(lost?.caller, { sent: '+12025550100', arrived: 'anonymous' });
    const asserted = measured(
      messages('anonymous', [['p-asserted-identity', '<sip:+12025550100@x>']]),
    ).numbers;
    assert.ok(asserted && isSameNumber(asserted.caller));
    assert.equal(
      measured(messages('x').filter(({ seen }) => seen.node === 'desk')).numbers,
      null,
      'it came to nobody',
    );
  });

  it('are told by what each party announced and got', () => {
    assert.deepEqual(measured(messages('x')).codecs?.caller, {
      announced: ['PCMU'],
      received: ['PCMU'],
      unannounced: 0,
    });
    const wrong = measured(messages('x'), 8).codecs;
    assert.deepEqual(wrong?.caller, { announced: ['PCMU'], received: ['PCMA'], unannounced: 10 });
    assert.match(wrong.evidence[0]?.note ?? '', /desk gets PCMA, which it never announced/);
  });
});
