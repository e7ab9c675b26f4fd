import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Match, SipMatch } from '../../../../src/plan/impairment.js';
import { packetTest } from '../../../../src/emulator/packet/match.js';
import { PacketView } from '../../../../src/emulator/packet/packet-view.js';
import { ARP_FRAME, type FrameFields, frameOf, rtpPayload, sipPayload } from '../../../fixtures/frames.js';

const view = new PacketView();
const look = (frame: Buffer) => view.look(frame, frame.length);
const meets = (match: Match, frame: Buffer) => packetTest(match)(look(frame));
const matches = (match: Match, fields: FrameFields = {}) => meets(match, frameOf(fields));
const sip = (match: SipMatch, payload: string) => matches({ sip: match }, { payload });

describe('a match', () => {
  it('that is empty is every packet, also of ARP', () => {
    assert.ok(matches({}) && meets({}, ARP_FRAME) && meets({}, Buffer.alloc(3)));
  });

  it('tells protocols apart', () => {
    for (const protocol of ['udp', 'tcp', 'icmp'] as const)
      for (const other of ['udp', 'tcp', 'icmp', 'arp'] as const)
        assert.equal(matches({ protocol: other }, { protocol }), other === protocol);
    assert.ok(meets({ protocol: 'arp' }, ARP_FRAME) && !meets({ protocol: 'udp' }, ARP_FRAME));
  });

  it('knows addresses and networks', () => {
    assert.ok(matches({ source: '198.18.0.1', destination: '198.18.0.2' }));
    assert.ok(!matches({ source: '198.18.0.2' }) && !matches({ destination: '198.18.0.1' }));
    assert.ok(matches({ source: '198.18.0.0/15' }) && matches({ source: '198.18.77.0/17' }));
    assert.ok(!matches({ source: '198.16.0.0/15' }) && !matches({ source: '198.18.0.2/31' }));
    assert.ok(matches({ source: '0.0.0.0/0' }) && !meets({ source: '0.0.0.0/0' }, ARP_FRAME));
    assert.ok(matches({ destination: '255.0.0.1/32' }, { destination: '255.0.0.1' }));
  });

  it('knows ports and ranges, of UDP and TCP only', () => {
    for (const protocol of ['udp', 'tcp'] as const) {
      const fields = { protocol, sourcePort: 30_000, destinationPort: 5060 };
      assert.ok(matches({ sourcePort: 30_000, destinationPort: [5060, 5061] }, fields));
      assert.ok(
        !matches({ sourcePort: [30_001, 40_000] }, fields) && !matches({ destinationPort: 5061 }, fields),
      );
    }
    assert.ok(!matches({ sourcePort: [0, 65_535] }, { protocol: 'icmp' }));
    assert.ok(
      !matches({ sourcePort: [0, 65_535] }, { fragmentOffset: 100 }),
      'later fragments have no ports',
    );
  });

  it('knows DSCP', () => {
    assert.ok(matches({ dscp: 46 }, { dscp: 46 }) && !matches({ dscp: 46 }, { dscp: 0 }));
    assert.ok(!meets({ dscp: 0 }, ARP_FRAME));
  });

  it('needs all that it names', () => {
    const all: Match = { protocol: 'udp', source: '198.18.0.1', destinationPort: 5060, dscp: 46 };
    assert.ok(matches(all, { dscp: 46 }));
    for (const fields of [
      { protocol: 'tcp' as const },
      { source: '198.18.0.9' },
      { destinationPort: 1 },
      { dscp: 0 },
    ])
      assert.ok(!matches(all, { dscp: 46, ...fields }));
  });

  it('knows RTP by its source and payload type, and keeps RTCP and others out', () => {
    const rtp = { payload: rtpPayload({ ssrc: 0xdeadbeef, payloadType: 8, marker: true }) };
    assert.ok(matches({ rtp: {} }, rtp) && matches({ rtp: { ssrc: 0xdeadbeef, payloadType: 8 } }, rtp));
    assert.ok(!matches({ rtp: { ssrc: 1 } }, rtp) && !matches({ rtp: { payloadType: 0 } }, rtp));
    const rtcp = rtpPayload();
    rtcp.writeUInt8(200, 1);
    assert.ok(!matches({ rtp: {} }, { payload: rtcp }));
    assert.ok(
      !matches({ rtp: {} }, { payload: sipPayload('OPTIONS') }) && !matches({ rtp: {} }, { payload: 'x' }),
    );
    assert.ok(!matches({ rtp: {} }, { ...rtp, protocol: 'tcp' }));
  });

  it('knows SIP requests by their method', () => {
    assert.ok(sip({}, sipPayload('OPTIONS')) && sip({}, sipPayload('180 Ringing')));
    assert.ok(sip({ method: 'INVITE' }, sipPayload('INVITE')));
    assert.ok(
      !sip({ method: 'INVITE' }, sipPayload('OPTIONS')) && !sip({ method: 'INVITE' }, sipPayload('200 OK')),
    );
    assert.ok(!sip({ method: 'INV' }, sipPayload('INVITE')), 'the whole word');
    assert.ok(!sip({}, 'INVITE to a party, all welcome\r\n\r\n') && !sip({}, '') && !sip({}, '\r\n\r\n'));
    assert.ok(!matches({ sip: {} }, { payload: rtpPayload() }));
  });

  it('knows SIP responses by status or class, and by the method in CSeq', () => {
    assert.ok(
      sip({ status: 180 }, sipPayload('180 Ringing')) && sip({ status: '1xx' }, sipPayload('183 Progress')),
    );
    assert.ok(
      !sip({ status: 180 }, sipPayload('181 Forwarded')) &&
        !sip({ status: '2xx' }, sipPayload('180 Ringing')),
    );
    assert.ok(!sip({ status: 200 }, sipPayload('INVITE')));
    assert.ok(sip({ status: 200, method: 'INVITE' }, sipPayload('200 OK', { cseq: 'INVITE' })));
    assert.ok(!sip({ status: 200, method: 'INVITE' }, sipPayload('200 OK', { cseq: 'BYE' })));
    const odd = sipPayload('200 OK').replace('CSeq: 1', 'cseq \t:  \t4711  ');
    assert.ok(sip({ status: '2xx', method: 'INVITE' }, odd));
    const hidden = `${sipPayload('200 OK').replace(/CSeq.*\r\n/, '')}CSeq: 1 INVITE\r\n`;
    assert.ok(!sip({ status: '2xx', method: 'INVITE' }, hidden), 'not from the body');
  });

  it('knows an INVITE inside a dialog by the tag in To', () => {
    const tagged = sipPayload('INVITE', { to: '<sip:b@198.18.0.2>;tag=1' });
    assert.ok(sip({ reinvite: true }, tagged) && !sip({ reinvite: false }, tagged));
    assert.ok(
      sip({ reinvite: false }, sipPayload('INVITE')) && !sip({ reinvite: true }, sipPayload('INVITE')),
    );
    for (const to of [
      '"a;tag=1" <sip:b@198.18.0.2>',
      '<sip:b@198.18.0.2;tag=1>',
      '<sip:b@198.18.0.2>;tagged=1',
    ])
      assert.ok(sip({ reinvite: false }, sipPayload('INVITE', { to })), to);
    assert.ok(sip({ reinvite: true }, tagged.replace('To:', 't :').replace(';tag', ' ; Tag ')));
    assert.ok(!sip({ reinvite: true }, sipPayload('BYE', { to: '<sip:b@198.18.0.2>;tag=1' })));
  });

  it('is for the first N of those that match, and for those only', () => {
    const test = packetTest({ source: '198.18.0.1', sip: { method: 'INVITE', first: 2 } });
    const shown = ['OPTIONS', 'INVITE', 'INVITE', 'OPTIONS', 'INVITE'].map((method, index) =>
      [
        test(look(frameOf({ payload: sipPayload(method), source: '198.18.9.9' }))),
        test(look(frameOf({ payload: sipPayload(method) }))),
        index,
      ].slice(0, 2),
    );
    assert.deepEqual(shown, [
      [false, false],
      [false, true],
      [false, true],
      [false, false],
      [false, false],
    ]);
  });

  it('never reads beyond the frame, whatever is in it', () => {
    const tests = [
      { sip: { method: 'INVITE', reinvite: true } },
      { sip: { status: '2xx', method: 'INVITE' } },
      { rtp: { ssrc: 1 } },
      { sourcePort: 1 },
    ].map((match) => packetTest(match));
    const whole = frameOf({ payload: sipPayload('200 OK') });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const frame = Buffer.from(whole.subarray(0, length));
        if (at < length) frame[at] = byte;
        const beyond = Buffer.concat([frame, Buffer.from('\r\nCSeq: 1 INVITE\r\n')]);
        for (const test of tests)
          assert.equal(
            test(new PacketView().look(frame, length)),
            test(new PacketView().look(beyond, length)),
          );
      }),
    );
  });
});
