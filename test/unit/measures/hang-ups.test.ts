import assert from 'node:assert/strict';
import { isCutShort, measureHangUp } from '../../../src/measures/hang-ups.js';
import type { SipMessage } from '../../../src/evidence/types.js';
import { call } from '../../fixtures/measures.js';
import { ADDRESS, sip } from '../../fixtures/messages.js';

const HOLD_MS = 4000;
const up = { src: ADDRESS.desk, dst: ADDRESS.sbcLan };
const down = { src: ADDRESS.sbcLan, dst: ADDRESS.desk };
const atDesk = (atMs: number, sent: boolean) => ({ node: 'desk', interface: 'sbc', sent, atMs });
const atSbc = (atMs: number, sent: boolean) => ({ node: 'sbc', interface: 'desk', sent, atMs });
const answer = sip(atDesk(1000, false), { method: 'INVITE', ...down, status: 200 });
const measured = (atCaller: SipMessage[], elsewhere: SipMessage[] = []) =>
  measureHangUp(
    HOLD_MS,
    atCaller,
    [...atCaller, ...elsewhere].sort((a, b) => a.seen.atMs - b.seen.atMs),
  );
const cutShort = (hangUp: ReturnType<typeof measured>) => isCutShort(call(1, { hangUp }));

describe('measureHangUp', () => {
  it('leaves a call to its caller, however early', () => {
    const own = measured([answer, sip(atDesk(2000, true), { method: 'BYE', ...up })]);
    assert.deepEqual([own?.by, own?.restMs, cutShort(own)], ['desk', 0, false]);
  });

  it('names who sent the BYE that came to the caller, and what was left of the call', () => {
    const hangUp = measured(
      [answer, sip(atDesk(3501, false), { method: 'BYE', ...down })],
      [sip(atSbc(3500, true), { method: 'BYE', ...down })],
    );
    assert.deepEqual([hangUp?.by, hangUp?.restMs, cutShort(hangUp)], ['sbc', 1499, true]);
    assert.deepEqual(
      hangUp?.evidence.map(({ note }) => note),
      ['BYE leaves sbc', 'BYE reaches the caller, who would have stayed'],
    );
  });

  it('takes a BYE that crosses the end of the call for no cut', () => {
    const late = measured([answer, sip(atDesk(4100, false), { method: 'BYE', ...down })]);
    assert.deepEqual([late?.by, late?.restMs, cutShort(late)], [ADDRESS.sbcLan, 900, false]);
  });

  it('knows nothing without an answer, or without a BYE at the caller', () => {
    assert.equal(measured([answer]), null);
    assert.equal(measured([sip(atDesk(3501, false), { method: 'BYE', ...down })]), null);
    assert.equal(cutShort(null), null);
  });
});
