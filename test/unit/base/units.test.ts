import assert from 'node:assert/strict';
import {
  formatDuration,
  parseCountBound,
  parseDuration,
  parseDurationBound,
  parseRate,
  parseShare,
  parseShareBound,
  parseSize,
} from '../../../src/base/units.js';

describe('units', () => {
  it('reads durations as milliseconds', () => {
    const cases = {
      '20s': 20_000,
      '40ms': 40,
      '1m30s': 90_000,
      '1.1s': 1100,
      '2h': 7_200_000,
      '1s500ms': 1500,
      '0s': 0,
    };
    for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
  });

  it('says what it expected of a duration', () => {
    for (const text of ['20', '', 's', '20 s', '-1s', '30s1m', '5%', '1e3s', '20sec'])
      assert.throws(
        () => parseDuration(text),
        { name: 'UnitError', message: `expected a duration such as 20s or 150ms, not "${text}"` },
        text,
      );
  });

  it('reads sizes as bytes, and refuses what Docker would', () => {
    assert.deepEqual(['6M', '256M', '1.5G'].map(parseSize), [6 << 20, 256 << 20, 1.5 * (1 << 30)]);
    for (const text of ['5M', '256', '256m', '1T', '-1G', '0G', 'M'])
      assert.throws(() => parseSize(text), /expected a size such as 256M or 2G \(at least 6M\)/, text);
  });

  it('writes durations the short way', () => {
    assert.deepEqual([90_000, 1500, 150, 60_000, 0].map(formatDuration), [
      '1m30s',
      '1.5s',
      '150ms',
      '1m',
      '0ms',
    ]);
  });

  it('reads rates as per second and shares as parts of one', () => {
    assert.deepEqual(
      [parseRate('2/s'), parseRate('30/m'), parseRate('1.5/s'), parseRate('90/h')],
      [2, 0.5, 1.5, 0.025],
    );
    assert.deepEqual([parseShare('5%'), parseShare('0.1%'), parseShare('100%')], [0.05, 0.001, 1]);
    assert.throws(() => parseRate('2'), /expected a rate such as 2\/s or 30\/m/);
    assert.throws(() => parseRate('2/d'), /expected a rate/);
    for (const text of ['5', '101%', '-1%'])
      assert.throws(() => parseShare(text), /expected a share such as 5%/, text);
  });

  it('reads bounds in the unit of the measure', () => {
    assert.deepEqual(parseDurationBound('<= 6s'), { operator: '<=', value: 6000 });
    assert.deepEqual(parseDurationBound('<150ms'), { operator: '<', value: 150 });
    assert.deepEqual(parseShareBound('>= 95%'), { operator: '>=', value: 0.95 });
    assert.deepEqual(parseCountBound('< 3'), { operator: '<', value: 3 });
    assert.deepEqual(parseCountBound('> 3'), { operator: '>', value: 3 });
  });

  it('takes a plain count for "at most", and none for 0', () => {
    assert.deepEqual(parseCountBound(2), { operator: '<=', value: 2 });
    assert.deepEqual(parseCountBound('2'), { operator: '<=', value: 2 });
    assert.deepEqual(parseCountBound('none'), { operator: '<=', value: 0 });
  });

  it('says what bound it expected, with the whole of what it got', () => {
    assert.throws(
      () => parseDurationBound('<= 6'),
      /expected a bound on a duration such as "<= 6s", not "<= 6"/,
    );
    assert.throws(() => parseDurationBound('6s'), /expected a bound on a duration/);
    assert.throws(() => parseShareBound('>= 95'), /expected a bound on a share such as ">= 95%"/);
    for (const count of [1.5, -1, '<= 1.5', '<= 1s', '== 1'])
      assert.throws(() => parseCountBound(count), /expected a bound on a count such as 0/, String(count));
  });
});
