import assert from 'node:assert/strict';
import type { Evidence } from '../../../src/evidence/types.js';
import { leakProblems } from '../../../src/measures/leaks.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import type { PlannedNode } from '../../../src/plan/planned-node.js';
import type { Plan } from '../../../src/plan/types.js';
import { impaired } from '../../fixtures/impairments.js';
import { emptyEvidence, journal } from '../../fixtures/measures.js';
import { ADDRESS, rtp, sip } from '../../fixtures/messages.js';
import { cut, plan } from '../../fixtures/plans.js';

const fromSbc = { src: ADDRESS.sbcA, dst: ADDRESS.carrierA };
const fromCarrier = { src: ADDRESS.carrierA, dst: ADDRESS.sbcA };
const atCarrier = (atMs: number, sent: boolean) => ({ node: 'carrier-a', interface: 'sbc', sent, atMs });
const atSbc = (atMs: number, sent: boolean) => ({ node: 'sbc', interface: 'carrier-a', sent, atMs });
const options = (atMs: number, at = atCarrier, way: { src: string; dst: string } = fromSbc) =>
  sip(at(atMs, false), { method: 'OPTIONS', ...way });

function leaks(
  evidence: Partial<Evidence>,
  faults: PlannedFault[] = [cut(1, 10_000, 20_000)],
  of: Plan = plan(),
) {
  const whole = { ...of, faults };
  return leakProblems(whole, injectedTruth(whole, journal(whole)), { ...emptyEvidence(whole), ...evidence });
}

describe('leakProblems', () => {
  it('names the packet that crossed a cut late in its time, from either side', () => {
    const [problem, ...more] = leaks({ sip: [options(15_001)] });
    assert.deepEqual([problem?.code, more], ['FAULT_NOT_PROVEN', []]);
    assert.equal(
      problem?.summary,
      'fault-1 on sbc--carrier-a: it was cut, and yet SIP crossed it 5000 ms later (frame 15001 of captures/carrier-a.sbc.pcap).',
    );
    assert.equal(leaks({ sip: [options(15_000, atSbc, fromCarrier)] }).length, 1);
    const media = rtp(
      { ...atSbc(0, false), src: `${ADDRESS.carrierA}:20000`, dst: `${ADDRESS.sbcA}:30000` },
      { fromMs: 8000, packets: 200 },
    );
    const [leak] = leaks({ rtp: [media] });
    assert.deepEqual([leak?.evidence[0]?.frame, leak?.evidence[0]?.atMs], [107, 10_120]);
    assert.equal(leaks({ rtp: [media], sip: [options(15_000)] })[0]?.evidence.length, 2);
  });

  it('leaves alone what was sent and never received, and what came before, just after, and once it was healed', () => {
    const sent = sip(atSbc(15_000, true), { method: 'OPTIONS', ...fromSbc });
    assert.deepEqual(leaks({ sip: [sent, ...[9999, 10_100, 20_000].map((at) => options(at))] }), []);
    const elsewhere = sip(
      { node: 'desk', interface: 'sbc', sent: false, atMs: 15_000 },
      { method: 'OPTIONS', ...fromSbc },
    );
    assert.deepEqual(leaks({ sip: [elsewhere] }), []);
    const delay = { ms: 40, jitterMs: 0, distribution: 'uniform' as const, correlation: 0 };
    const impairment = impaired({ delay });
    const delayed = [cut(1, 10_000, 20_000, { kind: 'impair', from: null, only: null, impairment })];
    assert.deepEqual(leaks({ sip: [options(15_000)] }, delayed), []);
    assert.deepEqual(leaks({ sip: [options(10_130)] }, [...delayed, cut(2, 10_000, 20_000)]), []);
    assert.equal(leaks({ sip: [options(10_150)] }, [...delayed, cut(2, 10_000, 20_000)]).length, 1);
  });

  it('lets the other direction of a one-way cut live', () => {
    const oneWay = [cut(1, 10_000, 20_000, { mode: 'one-way', from: 'sbc' })];
    assert.deepEqual(leaks({ sip: [options(15_000, atSbc, fromCarrier)] }, oneWay), []);
    assert.equal(leaks({ sip: [options(15_000)] }, oneWay).length, 1);
  });

  it('holds for a cut that stays', () => {
    assert.equal(leaks({ sip: [options(39_000)] }, [cut(1, 10_000, null)]).length, 1);
  });

  it('tells what a router or a switch forwards into a cut link from what comes out of it', () => {
    const base = plan();
    const addresses: Record<string, string> = { sbc: ADDRESS.sbcB, 'carrier-b': ADDRESS.carrierB };
    const of = {
      ...base,
      lab: {
        ...base.lab,
        nodes: base.lab.nodes.map((node) => ({
          ...node,
          interfaces: node.interfaces.map((iface) => ({ ...iface, address: addresses[node.name] ?? null })),
        })),
      },
    };
    const target = [cut(1, 10_000, 20_000, { target: 'sbc--firewall' })];
    const at = { node: 'firewall', interface: 'sbc', sent: false, atMs: 15_000 };
    const out = sip(at, { method: 'OPTIONS', src: ADDRESS.carrierB, dst: ADDRESS.sbcB });
    const into = sip(at, { method: 'OPTIONS', src: ADDRESS.sbcB, dst: ADDRESS.carrierB });
    assert.deepEqual(leaks({ sip: [out] }, target, of), []);
    assert.equal(leaks({ sip: [into] }, target, of).length, 1);
    const asSwitch = (node: PlannedNode) =>
      node.name === 'firewall' ? { ...node, role: 'switch' as const, forwards: false } : node;
    const switched = { ...of, lab: { ...of.lab, nodes: of.lab.nodes.map(asSwitch) } };
    assert.deepEqual(leaks({ sip: [out] }, target, switched), [], 'a switch is no other');
    assert.equal(leaks({ sip: [into] }, target, switched).length, 1);
  });
});
