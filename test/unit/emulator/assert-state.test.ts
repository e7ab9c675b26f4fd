import assert from 'node:assert/strict';
import type { Impairment, Loss, Match } from '../../../src/plan/impairment.js';
import type { Trace } from '../../../src/plan/traces/types.js';
import { assertLinkState } from '../../../src/emulator/assert-state.js';
import { clearDirection, clearLink } from '../../../src/emulator/contract.js';
import { aToB, delayed, direction, impaired, lossy, ruled } from '../../fixtures/impairments.js';

const refuses = (change: Partial<Impairment>, field: string) =>
  assert.throws(() => assertLinkState(aToB(direction(change))), {
    name: 'RangeError',
    message: new RegExp(`^aToB\\.otherwise\\.${field.replaceAll(/[.+[\]]/g, '\\$&')}: .* must be `),
  });

const takes = (change: Partial<Impairment>) => assertLinkState(aToB(direction(change)));

const chance = { share: 0.5, correlation: 0 };
const rate = { bitsPerS: 64_000, burstBytes: 0, limitPackets: null, limitMs: null };
const ge: Loss = { kind: 'gilbert-elliott', p: 0.1, r: 0.2, h: 0, k: 1 };
const states: Loss = { kind: 'four-state', p13: 0.1, p31: 0.5, p32: 0.5, p23: 0.1, p14: 0.9 };

describe('a link state', () => {
  it('that is possible is taken', () => {
    assertLinkState(clearLink);
    takes({ ...delayed(10, 10), ...lossy(1, 1), rate, reorder: { ...chance, gap: 0 }, mtuBytes: 1 });
    takes({ loss: ge, duplicate: chance, corrupt: chance, slot: { minMs: 0, maxMs: 0, packets: 1 } });
    takes({ loss: states, delay: { ms: 1, jitterMs: 9, distribution: 'normal', correlation: 1 } });
    takes({ loss: { kind: 'pattern', lose: [true] }, rate: { ...rate, limitPackets: 1, limitMs: 0 } });
  });

  it('names the field that cannot be', () => {
    refuses(lossy(1.4), 'loss.share');
    refuses(lossy(NaN), 'loss.share');
    refuses(lossy(0.1, -0.1), 'loss.correlation');
    refuses(delayed(-1), 'delay.ms');
    refuses(delayed(Infinity), 'delay.ms');
    refuses(delayed(5, 6), 'delay.jitterMs');
    refuses({ delay: { ms: 1, jitterMs: 1, distribution: 'normal', correlation: 2 } }, 'delay.correlation');
    const table = (...table: number[]) => ({
      ms: 9,
      jitterMs: 1,
      correlation: 0,
      distribution: { name: 't', table },
    });
    refuses({ delay: table(1) }, 'delay.distribution.table');
    refuses({ delay: table(1, NaN) }, 'delay.distribution.table[1]');
    refuses({ duplicate: { ...chance, share: -1 } }, 'duplicate.share');
    refuses({ corrupt: { ...chance, share: 2 } }, 'corrupt.share');
    refuses({ reorder: { ...chance, gap: 1.5 } }, 'reorder.gap');
    refuses({ loss: { ...ge, r: 1.2 } }, 'loss.r');
    refuses({ loss: { ...states, p23: -1 } }, 'loss.p23');
    refuses({ loss: { ...states, p13: 0.2 } }, 'loss.p13 + p14');
    refuses({ loss: { kind: 'pattern', lose: [] } }, 'loss.lose');
    refuses({ rate: { ...rate, bitsPerS: 0 } }, 'rate.bitsPerS');
    refuses({ rate: { ...rate, burstBytes: -1 } }, 'rate.burstBytes');
    refuses({ rate: { ...rate, limitPackets: 0 } }, 'rate.limitPackets');
    refuses({ rate: { ...rate, limitMs: -1 } }, 'rate.limitMs');
    refuses({ slot: { minMs: 5, maxMs: 4, packets: null } }, 'slot.maxMs');
    refuses({ slot: { minMs: 5, maxMs: 5, packets: 0 } }, 'slot.packets');
    refuses({ mtuBytes: 0 }, 'mtuBytes');
  });

  it('is looked at in the other direction, the rules and the profile too', () => {
    const profile = (trace: Partial<Trace>): typeof clearLink =>
      aToB({ ...clearDirection, profile: { name: 't', source: 's', end: 'hold', ...trace } as Trace });
    const step = (atMs: number) => ({ atMs, impairment: impaired({}) });
    assertLinkState(profile({ kind: 'time', steps: [step(0), step(5)], lengthMs: 6 }));
    assertLinkState(profile({ kind: 'packet', delaysMs: [1, null] }));
    for (const [state, field] of [
      [{ ...clearLink, bToA: direction(lossy(2)) }, 'bToA.otherwise.loss.share'],
      [aToB(ruled({}, lossy(2))), 'aToB.rules\\[0\\].impairment.loss.share'],
      [profile({ kind: 'time', steps: [], lengthMs: 1 }), 'aToB.profile.steps'],
      [profile({ kind: 'time', steps: [step(5), step(5)], lengthMs: 9 }), 'aToB.profile.steps\\[1\\].atMs'],
      [profile({ kind: 'time', steps: [step(5)], lengthMs: 5 }), 'aToB.profile.lengthMs'],
      [profile({ kind: 'packet', delaysMs: [] }), 'aToB.profile.delaysMs'],
      [profile({ kind: 'packet', delaysMs: [1, -1] }), 'aToB.profile.delaysMs\\[1\\]'],
    ] as const)
      assert.throws(() => assertLinkState(state), { name: 'RangeError', message: new RegExp(`^${field}: `) });
  });

  it('has matches that can be', () => {
    const refusesMatch = (match: Match, field: string) =>
      assert.throws(() => assertLinkState(aToB(ruled(match, {}))), {
        name: 'RangeError',
        message: new RegExp(`^aToB\\.rules\\[0\\]\\.match\\.${field}: `),
      });
    assertLinkState(
      aToB(ruled({ source: '10.0.0.0/8', sourcePort: [1, 1], dscp: 63, sip: { status: '2xx' } }, {})),
    );
    refusesMatch({ source: '198.18.0' }, 'source');
    refusesMatch({ destination: '198.18.0.0/33' }, 'destination');
    refusesMatch({ sourcePort: [6, 5] }, 'sourcePort');
    refusesMatch({ destinationPort: 70_000 }, 'destinationPort');
    refusesMatch({ dscp: 64 }, 'dscp');
    refusesMatch({ rtp: { payloadType: 128 } }, 'rtp.payloadType');
    refusesMatch({ rtp: { ssrc: 2 ** 32 } }, 'rtp.ssrc');
    refusesMatch({ sip: { first: 0 } }, 'sip.first');
    refusesMatch({ sip: { status: '9xx' } }, 'sip.status');
  });
});
