import assert from 'node:assert/strict';
import type { RegistrationMeasure } from '../../../src/measures/registrations.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { judgeExpectation } from '../../../src/verdict/expectations.js';
import { call, expectation, journal, measuresOf, planOf } from '../../fixtures/measures.js';
import { boot, freeze, power } from '../../fixtures/node-faults.js';
import { ADDRESS } from '../../fixtures/messages.js';
import { cut, plan } from '../../fixtures/plans.js';

const registration = {
  extension: '1001',
  secret: 'x',
  registrar: { node: 'sbc', address: ADDRESS.sbcLan, port: 5060 },
  expiresS: 3600,
  refreshS: 1800,
  retryS: 1,
};
const granted = (atMs: number, expiresS = 3600) => ({ atMs, status: 200, endedAt: atMs + 10, expiresS });
const within20s = expectation({ kind: 'registered', bound: { operator: '<=', value: 20_000 } });

/** The desk registers with the SBC, and something happens to either. */
function judged(
  attempts: RegistrationMeasure['attempts'],
  faults: PlannedFault[],
  booted: JournalEntry[] = [],
) {
  const { lab } = plan();
  const nodes = lab.nodes.map((node) => (node.name === 'desk' ? { ...node, registration } : node));
  const calls = [call(1)];
  const of = planOf(calls, { faults, lab: { ...lab, nodes }, trafficMs: 60_000 });
  const truth = injectedTruth(of, [...journal(of), ...booted]);
  const registrations = [{ node: 'desk', extension: '1001', attempts, evidence: [] }];
  const { verdict, measured } = judgeExpectation(within20s, {
    plan: of,
    truth,
    measures: { ...measuresOf(of, calls), registrations },
  });
  return [verdict, measured];
}

describe('registered, where the registrar was hit', () => {
  const off = [power(1, 'sbc', 10_000, 14_000)];
  const ready = [boot(1, 'sbc', 14_002, 'interfaces'), boot(1, 'sbc', 15_000, 'ready')];

  it('is counted from when it was ready again', () => {
    assert.deepEqual(judged([granted(0), granted(20_000)], off, ready), ['pass', 5010]);
    assert.deepEqual(judged([granted(0), granted(36_000)], off, ready), ['fail', 21_010]);
  });

  it('does not rest on what it had granted before it lost its power', () => {
    assert.deepEqual(judged([granted(0)], off, ready), ['fail', null]);
  });

  it('is never where it was never ready again', () => {
    const failed = [boot(1, 'sbc', 14_002, 'interfaces'), boot(1, 'sbc', 30_000, 'failed', 'proxy')];
    assert.deepEqual(judged([granted(0), granted(20_000)], off, failed), ['fail', null]);
  });

  it('outlives a fault that takes nothing out of its memory, and one elsewhere is none of it', () => {
    assert.deepEqual(judged([granted(0)], [freeze(1, 'sbc', 10_000, 14_000)]), ['pass', 0]);
    assert.deepEqual(judged([granted(0, 5)], [freeze(1, 'sbc', 10_000, 14_000)]), ['fail', null]);
    assert.deepEqual(judged([granted(0, 5)], [cut(1, 10_000, 14_000)]), ['pass', 10]);
  });
});
