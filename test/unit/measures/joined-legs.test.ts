import assert from 'node:assert/strict';
import { indexCalls, measureCall } from '../../../src/measures/calls.js';
import { looseLegProblems } from '../../../src/measures/loose-legs.js';
import type { SipMessage } from '../../../src/evidence/types.js';
import type { PlannedCall, PlannedFlow } from '../../../src/plan/planned-flow.js';
import { callOf, evidenceWith, flowOf, invite, pbxPlan, response } from '../../fixtures/pbx.js';

const out = flowOf({ name: 'out', subscriber: 'callee', dialled: '+12025550140', callerNumber: '1001' });
const inside = flowOf({
  name: 'inside',
  direction: 'internal',
  to: 'desk-2',
  answers: 'phone',
  dialled: '1002',
  callerNumber: '1001',
});

function indexOf(flows: PlannedFlow[], calls: PlannedCall[], messages: SipMessage[]) {
  const plan = pbxPlan(flows, calls);
  return indexCalls(plan, evidenceWith(plan, messages));
}
const legsOf = (index: ReturnType<typeof indexOf>, call: PlannedCall) =>
  (index.made.get(call.sipCallId) ?? []).map(({ callId }) => callId);

/** A call's first leg, up from its INVITE for two seconds. */
const first = (call: PlannedCall, atMs: number): SipMessage[] => {
  const users = { callId: call.sipCallId, from: call.callerNumber, to: call.dialled };
  return [
    invite(call.caller, atMs, users),
    response(call.caller, atMs + 700, 200, users),
    { ...invite(call.caller, atMs + 2000, users), method: 'BYE', to: { user: null, host: 'x', tag: 't' } },
  ];
};

describe('legs behind a PBX', () => {
  it("are told apart by the subscriber's number, in whatever order they come", () => {
    const calls = [callOf(1, out, { dialled: '+12025550140' }), callOf(2, out, { dialled: '+12025550141' })];
    const index = indexOf([out], calls, [
      ...first(calls[0]!, 1000),
      ...first(calls[1]!, 1010),
      invite('pbx', 1020, { callId: 'b', from: '+12025550101', to: '+12025550141' }),
      invite('pbx', 1030, { callId: 'a', from: '+12025550101', to: '+12025550140' }),
    ]);
    assert.deepEqual(legsOf(index, calls[0]!), ['a']);
    assert.deepEqual(legsOf(index, calls[1]!), ['b']);
  });

  it('keep a leg that failed and the one that was tried after it', () => {
    const call = callOf(1, out);
    const tried = { callId: 'a', from: '+12025550101', to: call.dialled };
    const index = indexOf(
      [out],
      [call],
      [
        ...first(call, 1000),
        invite('pbx', 1020, tried),
        response('pbx', 1300, 503, tried),
        invite('pbx', 1310, { ...tried, callId: 'b' }),
      ],
    );
    assert.deepEqual(legsOf(index, call), ['a', 'b']);
  });

  it('inside are of the call that waits longest, and never of one that is over', () => {
    const calls = [callOf(1, inside), callOf(2, inside), callOf(3, inside)];
    const index = indexOf([inside], calls, [
      ...first(calls[0]!, 0),
      ...first(calls[1]!, 5000),
      ...first(calls[2]!, 5400),
      invite('pbx', 5010, { callId: 'b', from: '1001', to: '1002' }),
      invite('pbx', 5410, { callId: 'c', from: '1001', to: '1002' }),
    ]);
    assert.deepEqual(
      calls.map((call) => legsOf(index, call)),
      [[], ['b'], ['c']],
    );
  });

  it('that are answered and fit no call make the run invalid', () => {
    const call = callOf(1, inside);
    const stray = { callId: 'x', from: '+390612345678', to: '7777' };
    const index = indexOf(
      [inside],
      [call],
      [
        ...first(call, 1000),
        invite('desk-2', 1020, stray, false),
        response('desk-2', 1100, 200, stray, true),
      ],
    );
    const [problem] = looseLegProblems(index);
    assert.equal(problem?.code, 'LEG_UNMATCHED');
    assert.deepEqual(looseLegProblems(indexOf([inside], [call], first(call, 1000))), []);
  });

  it('make the call answered when its party answers, not when the PBX does', () => {
    const call = callOf(1, { ...inside, asksForDigits: true });
    const made = { callId: 'b', from: '1001', to: '1002' };
    const answered = indexOf(
      [inside],
      [call],
      [...first(call, 1000), invite('desk-2', 2500, made, false), response('desk-2', 2600, 200, made, true)],
    );
    const { answeredAt, party } = measureCall(call, answered);
    assert.equal(answeredAt, 2600);
    assert.deepEqual(party, { node: 'desk-2', callId: 'b', answeredAt: 2600 });
    assert.equal(measureCall(call, indexOf([inside], [call], first(call, 1000))).answeredAt, null);
  });
});
