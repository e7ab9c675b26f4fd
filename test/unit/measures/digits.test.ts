import assert from 'node:assert/strict';
import { indexCalls, measureCall } from '../../../src/measures/calls.js';
import { measureDigits } from '../../../src/measures/digits.js';
import type { SipMessage } from '../../../src/evidence/types.js';
import type { PlannedFlow } from '../../../src/plan/planned-flow.js';
import { callOf, evidenceWith, flowOf, invite, pbxPlan, response } from '../../fixtures/pbx.js';

const ivr = flowOf({
  name: 'menu',
  direction: 'internal',
  to: 'ivr',
  answers: 'phone',
  asksForDigits: true,
  dialled: '2000',
  callerNumber: '1001',
  digits: { text: '1002', mode: 'info' },
});
const out = flowOf({
  name: 'out',
  subscriber: 'callee',
  dialled: '+12025550140',
  callerNumber: '1001',
  digits: { text: '47', mode: 'rfc4733' },
});

function digitsOf(flow: PlannedFlow, messages: SipMessage[]) {
  const call = callOf(1, flow);
  const users = { callId: call.sipCallId, from: call.callerNumber, to: call.dialled };
  const own = [invite('desk', 1000, users), response('desk', 1100, 200, users)];
  const plan = pbxPlan([flow], [call]);
  const index = indexCalls(plan, evidenceWith(plan, [...own, ...messages]));
  return measureDigits(measureCall(call, index), index);
}

const info = (node: string, atMs: number, callId: string, cseq: number, digit: string): SipMessage => ({
  ...invite(node, atMs, { callId, from: '1001', to: 'x' }, false),
  method: 'INFO',
  cseq,
  to: { user: 'x', host: 'x', tag: 't' },
  dtmf: { contentType: 'application/dtmf-relay', body: `Signal=${digit}\r\nDuration=100\r\n` },
});

describe('digits', () => {
  it('were read by an IVR if it dials what they say, and not if it dials something else or nobody', () => {
    const dials = (to: string) => [
      invite('pbx', 1500, { callId: 'b', from: '1001', to }),
      response('pbx', 1900, 200, { callId: 'b', from: '1001', to }),
    ];
    assert.equal(digitsOf(ivr, dials('1002'))?.read, '1002');
    assert.equal(digitsOf(ivr, dials('1003'))?.read, '1003');
    assert.equal(digitsOf(ivr, [])?.read, '');
  });

  it('that came to the IVR are told by channel', () => {
    const told = digitsOf(ivr, [
      info('pbx', 1200, 'menu-1@test', 2, '1'),
      info('pbx', 1250, 'menu-1@test', 2, '1'),
      info('pbx', 1400, 'menu-1@test', 3, '0'),
    ]);
    assert.deepEqual(told?.arrived, { rfc4733: '', info: '10', inband: '' });
    assert.equal(told?.evidence.length, 2);
  });

  it('were not read by a far end that reads another channel than they came by', () => {
    const leg = { callId: 'b', from: '1001', to: '+12025550140' };
    const told = digitsOf(out, [
      invite('carrier-a', 1010, leg, false),
      response('carrier-a', 1090, 200, leg, true),
      info('carrier-a', 1200, 'b', 2, '4'),
      info('carrier-a', 1400, 'b', 3, '7'),
    ]);
    assert.deepEqual([told?.reads, told?.read, told?.arrived.info], ['rfc4733', '', '47']);
  });

  it('of a call that nobody picked up were never dialled', () => {
    const call = callOf(1, out);
    const plan = pbxPlan([out], [call]);
    const users = { callId: call.sipCallId, from: '1001', to: call.dialled };
    const index = indexCalls(plan, evidenceWith(plan, [invite('desk', 1000, users)]));
    assert.equal(measureDigits(measureCall(call, index), index), null);
  });
});
