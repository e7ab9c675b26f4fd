import assert from 'node:assert/strict';
import { compareEars } from '../../../src/measures/ears.js';
import { deafEar, ear } from '../../fixtures/measures.js';

const up = { startMs: 1000, endMs: 6000 };
const down = (startMs: number, endMs: number, delayMs = 5) =>
  ear({ outages: [{ startMs, endMs }], heardShare: 1 - (endMs - startMs) / 5000, delayMs });
const verdict = (caller: ReturnType<typeof ear>, callee: ReturnType<typeof ear>) => {
  const { oneWay, deadAir, oneWayAtEnd } = compareEars(caller, callee, up);
  return { oneWay, deadAir, oneWayAtEnd };
};

describe('compareEars', () => {
  it('finds nothing in a call that both heard', () => {
    assert.deepEqual(verdict(ear(), ear()), { oneWay: false, deadAir: false, oneWayAtEnd: false });
  });

  it('calls it one-way when exactly one ear never heard', () => {
    const expected = { oneWay: true, deadAir: false, oneWayAtEnd: true };
    assert.deepEqual(verdict(deafEar(1000, 6000), ear()), expected);
    assert.deepEqual(verdict(ear(), deafEar(1000, 6000)), expected);
  });

  it('calls it dead air when both never heard', () => {
    assert.deepEqual(verdict(deafEar(1000, 6000), deafEar(1000, 6000)), {
      oneWay: false,
      deadAir: true,
      oneWayAtEnd: true,
    });
  });

  it('matches outages of both ears that differ only by the way', () => {
    assert.deepEqual(verdict(down(2000, 4000), down(2150, 4030)), {
      oneWay: false,
      deadAir: true,
      oneWayAtEnd: false,
    });
    // 300 ms apart is within 240 ms and a delay of 100 ms, not within 240 and 5.
    assert.equal(verdict(down(2000, 4000, 100), down(2300, 4000)).oneWay, false);
    assert.equal(verdict(down(2000, 4000), down(2300, 4000)).oneWay, true);
  });

  it('leaves holes below the smallest outage to choppiness', () => {
    assert.equal(verdict(down(2000, 2230), ear()).oneWay, false);
    assert.equal(verdict(down(2000, 2260), ear()).oneWay, true);
  });

  it('does not take one hole for a one-sided one, whose edges lie on either side of the smallest outage', () => {
    assert.equal(verdict(down(2000, 2242), down(1996, 2236)).oneWay, false);
    assert.equal(verdict(down(2000, 2242), down(1996, 2234)).oneWay, false);
    assert.equal(verdict(down(2000, 2500), down(2000, 2170)).oneWay, true, 'the rest is an outage by itself');
  });

  it('sees one side go deaf in the middle and stay so', () => {
    assert.deepEqual(verdict(ear(), down(4000, 5990)), { oneWay: true, deadAir: false, oneWayAtEnd: true });
    assert.equal(verdict(ear(), down(4000, 5900)).oneWayAtEnd, false);
  });

  it('holds sound that is too short to tell against nobody, where nobody was recognised', () => {
    const talker = (untilMs: number) => ({
      ...deafEar(1000, 6000),
      segments: [
        { fromMs: 1000, toMs: untilMs, class: 'other-audio' as const },
        { fromMs: untilMs, toMs: 6000, class: 'nothing' as const },
      ],
    });
    const cutAt = (ms: number) => down(ms, 6000);
    assert.deepEqual(verdict(talker(1400), cutAt(1400)), { oneWay: false, deadAir: true, oneWayAtEnd: true });
    assert.equal(
      verdict(talker(1800), cutAt(1800)).oneWay,
      true,
      'long enough to tell that it was not the other',
    );
    assert.equal(verdict(talker(1400), ear()).oneWay, true, 'the rest of the call decides');
  });

  it('knows nothing where an ear could not be measured', () => {
    assert.deepEqual(verdict(ear(), ear({ heardShare: null })), {
      oneWay: null,
      deadAir: null,
      oneWayAtEnd: null,
    });
  });
});
