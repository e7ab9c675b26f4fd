import assert from 'node:assert/strict';
import { ladderOf } from '../../../../src/measures/details/ladder.js';
import type { Plan } from '../../../../src/plan/types.js';
import { ADDRESS, sdp, sip } from '../../../fixtures/messages.js';
import { plan } from '../../../fixtures/plans.js';

const OF: Record<string, string> = {
  'desk.sbc': ADDRESS.desk,
  'sbc.carrier-a': ADDRESS.sbcA,
  'carrier-a.sbc': ADDRESS.carrierA,
  'firewall.sbc': '198.18.2.2',
  'carrier-b.firewall': ADDRESS.carrierB,
};

/** The fixture's plan with the addresses that its messages have. */
function addressed(): Plan {
  const { lab, ...rest } = plan();
  const nodes = lab.nodes.map((node) => ({
    ...node,
    interfaces: node.interfaces.map((iface) => ({
      ...iface,
      address: OF[`${node.name}.${iface.name}`] ?? null,
    })),
  }));
  return { ...rest, lab: { ...lab, nodes } };
}

const at = (node: string, iface: string, sent: boolean, atMs: number) => ({
  node,
  interface: iface,
  sent,
  atMs,
});
const toA = { method: 'INVITE', src: ADDRESS.sbcA, dst: ADDRESS.carrierA, branch: 'A' };
const steps = (...messages: Parameters<typeof ladderOf>[1]) => ladderOf(addressed(), messages);

describe('ladderOf', () => {
  it('joins what left and what arrived to one step, with both frames', () => {
    const [step, ...more] = steps(
      sip(at('sbc', 'carrier-a', true, 100), { ...toA, sdp: sdp(ADDRESS.sbcA, 1000) }),
      sip(at('carrier-a', 'sbc', false, 140), { ...toA, sdp: sdp(ADDRESS.sbcA, 1000) }),
    );
    assert.deepEqual(more, []);
    const { sights, ...rest } = step!;
    assert.deepEqual(rest, {
      atMs: 100,
      arrivedMs: 140,
      watched: true,
      from: 'sbc',
      to: 'carrier-a',
      text: 'INVITE',
      sdp: true,
      again: false,
    });
    assert.deepEqual(
      sights.map(({ file, frame }) => [file, frame]),
      [
        ['captures/sbc.carrier-a.pcap', 100],
        ['captures/carrier-a.sbc.pcap', 140],
      ],
    );
  });

  it('tells which of several transmissions was lost', () => {
    const again = { ...toA, retransmission: true };
    const ladder = steps(
      sip(at('sbc', 'carrier-a', true, 100), toA),
      sip(at('sbc', 'carrier-a', true, 600), again),
      sip(at('carrier-a', 'sbc', false, 640), toA),
      sip(at('sbc', 'carrier-a', true, 1600), again),
    );
    assert.deepEqual(
      ladder.map(({ atMs, arrivedMs, again: repeat }) => [atMs, arrivedMs, repeat]),
      [
        [100, null, false],
        [600, 640, true],
        [1600, null, true],
      ],
    );
  });

  it('says of a place without a capture that nothing could be seen there', () => {
    const [step] = steps(
      sip(at('desk', 'sbc', true, 5), { method: 'INVITE', src: ADDRESS.desk, dst: '198.18.9.9' }),
    );
    assert.deepEqual([step?.to, step?.arrivedMs, step?.watched], ['198.18.9.9', null, false]);
  });

  it('follows a message through a router that changes its source', () => {
    const invite = { method: 'INVITE', dst: ADDRESS.carrierB, branch: 'B' };
    const [step, ...more] = steps(
      sip(at('sbc', 'carrier-a', true, 10), { ...invite, src: ADDRESS.sbcA }),
      sip(at('firewall', 'sbc', true, 11), { ...invite, src: '198.18.2.2' }),
      sip(at('carrier-b', 'firewall', false, 12), { ...invite, src: '198.18.2.2' }),
    );
    assert.deepEqual([more.length, step?.from, step?.to, step?.arrivedMs], [0, 'sbc', 'carrier-b', 12]);
  });

  it('keeps hops of a proxy apart, and responses from requests', () => {
    const texts = steps(
      sip(at('desk', 'sbc', true, 1), { method: 'INVITE', src: ADDRESS.desk, dst: ADDRESS.sbcLan }),
      sip(at('sbc', 'carrier-a', true, 2), toA),
      sip(at('carrier-a', 'sbc', true, 3), {
        ...toA,
        src: ADDRESS.carrierA,
        dst: ADDRESS.sbcA,
        status: 180,
        reason: 'Ringing',
      }),
    ).map(({ from, text }) => `${from}: ${text}`);
    assert.deepEqual(texts, ['desk: INVITE', 'sbc: INVITE', 'carrier-a: 180 Ringing']);
  });
});
