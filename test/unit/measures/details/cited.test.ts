import assert from 'node:assert/strict';
import { indexCalls, measureCall } from '../../../../src/measures/calls.js';
import { citedPackets } from '../../../../src/measures/details/cited.js';
import { emptyEvidence } from '../../../fixtures/measures.js';
import { ADDRESS, rtp, sdp, sip } from '../../../fixtures/messages.js';
import { plan, plannedCall } from '../../../fixtures/plans.js';

describe('citedPackets', () => {
  const planned = plannedCall(1);
  const ofPlan = plan({ calls: [planned] });
  const atDesk = { node: 'desk', interface: 'sbc', sent: true };
  const message = sip(
    { ...atDesk, atMs: 100 },
    {
      method: 'INVITE',
      src: ADDRESS.desk,
      dst: ADDRESS.sbcLan,
      callId: planned.sipCallId,
      sdp: sdp(ADDRESS.desk, 10_000),
    },
  );
  const stream = rtp(
    {
      node: 'desk',
      interface: 'sbc',
      sent: false,
      src: `${ADDRESS.sbcLan}:30000`,
      dst: `${ADDRESS.desk}:10000`,
    },
    { fromMs: 200, packets: 20 },
  );
  const evidence = { ...emptyEvidence(ofPlan), sip: [message], rtp: [stream] };
  const index = indexCalls(ofPlan, evidence);
  const calls = [measureCall(planned, index)];
  const { file } = stream;
  const of = (...frames: number[]) =>
    citedPackets(
      frames.map((frame) => ({ file, frame })),
      calls,
      index,
    );

  it('knows a message and a packet of media by file and frame', () => {
    const media = stream.frame[7]!;
    assert.deepEqual(of(100, media), [
      { file, frame: 100, call: planned.id },
      { file, frame: media, call: planned.id },
    ]);
  });

  it('claims nothing that is not of a call', () => {
    assert.deepEqual(of(99_999), []);
    assert.deepEqual(citedPackets([{ file: 'captures/other.pcap', frame: 100 }, { file }], calls, index), []);
  });
});
