import assert from 'node:assert/strict';
import { downRuns } from '../../../../src/measures/hearing/outages.js';
import { delayBeside } from '../../../../src/measures/hearing/tracking.js';

/** Runs in frames of 20 ms: `#` heard, `.` no packet came, `o` something else came. */
function runs(pattern: string): string {
  const heard = Uint8Array.from(pattern, (frame) => (frame === '#' ? 1 : 0));
  const missing = Uint8Array.from(pattern, (frame) => (frame === '.' ? 1 : 0));
  return downRuns(heard, missing)
    .map(({ from, to }) => `${from}-${to}`)
    .join(' ');
}
const VOICE = '#'.repeat(60);

describe('outages beside loss', () => {
  it('a burst right before one, or after it, is no part of it', () => {
    assert.equal(runs(`${VOICE}........###${'.'.repeat(60)}${VOICE}`), '60-68 71-131');
    assert.equal(runs(`${VOICE}${'.'.repeat(60)}##........${VOICE}`), '60-120 122-130');
    assert.equal(runs(`${VOICE}........##${'o'.repeat(60)}${VOICE}`), '60-68 70-130');
  });

  it('but where packets came, what sounds like the voice for a moment is none', () => {
    assert.equal(runs(`${VOICE}${'o'.repeat(8)}###${'o'.repeat(60)}${VOICE}`), '60-131');
    assert.equal(runs(`${VOICE}${'o'.repeat(40)}###${'o'.repeat(40)}${VOICE}`), '60-143');
  });

  it('of loss that lets a tenth through each part is one by itself', () => {
    assert.equal(runs(`${VOICE}${'.......##'.repeat(5)}${VOICE}`), '60-67 69-76 78-85 87-94 96-103');
    assert.equal(runs(`${VOICE}${'.'.repeat(60)}#${'.'.repeat(60)}${VOICE}`), '60-181');
  });

  it('a packet that came parts a short one, even if it wasn’t heard', () => {
    assert.equal(runs(`${VOICE}......o......${VOICE}`), '60-66 67-73');
    assert.equal(runs(`${VOICE}${'o'.repeat(13)}${VOICE}`), '60-73');
  });
});

describe('the delay on one side of an edge', () => {
  const delays = [0, 1000, 4000, 5000].map((fromMs, i) => ({
    fromMs,
    toMs: fromMs + 2000,
    delayMs: 100 + 10 * i,
  }));

  it('is of the nearest window there', () => {
    assert.equal(delayBeside(delays, 3000, 'before'), 110);
    assert.equal(delayBeside(delays, 4100, 'after'), 120);
  });

  it('may be of one that reaches a little over the edge', () => {
    assert.equal(delayBeside(delays, 2600, 'before'), 110);
    assert.equal(delayBeside(delays, 4400, 'after'), 120);
  });

  it('is null where there is none', () => {
    assert.equal(delayBeside(delays, 1000, 'before'), null);
    assert.equal(delayBeside(delays, 9000, 'after'), null);
  });
});
