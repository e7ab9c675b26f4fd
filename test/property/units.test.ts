import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatDuration,
  parseCountBound,
  parseDuration,
  parseDurationBound,
  parseRate,
  parseShare,
  parseShareBound,
} from '../../src/base/units.js';

const operators = fc.constantFrom('<=' as const, '<' as const, '>=' as const, '>' as const);

describe('units, for any quantity', () => {
  it('a duration survives being written and read', () => {
    const durationMs = fc.integer({ min: 0, max: 86_400_000 });
    fc.assert(fc.property(durationMs, (ms) => assert.equal(parseDuration(formatDuration(ms)), ms)));
  });

  it('a duration is the sum of its parts', () => {
    const part = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(part, part, part, part, (h, m, s, ms) =>
        assert.equal(parseDuration(`${h}h${m}m${s}s${ms}ms`), ((h * 60 + m) * 60 + s) * 1000 + ms),
      ),
    );
  });

  it('a rate is the same by the second, minute and hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (perS) => {
        assert.equal(parseRate(`${perS}/s`), perS);
        assert.equal(parseRate(`${perS * 60}/m`), perS);
        assert.equal(parseRate(`${perS * 3600}/h`), perS);
      }),
    );
  });

  it('a share and its bounds are hundredths', () => {
    fc.assert(
      fc.property(operators, fc.integer({ min: 0, max: 1000 }), (operator, thousandths) => {
        const percent = `${thousandths / 10}%`;
        assert.equal(parseShare(percent), thousandths / 1000);
        assert.deepEqual(parseShareBound(`${operator} ${percent}`), { operator, value: thousandths / 1000 });
      }),
    );
  });

  it('a bound keeps its operator and value', () => {
    fc.assert(
      fc.property(operators, fc.nat(1_000_000), (operator, value) => {
        assert.deepEqual(parseCountBound(`${operator} ${value}`), { operator, value });
        assert.deepEqual(parseDurationBound(`${operator}${value}ms`), { operator, value });
      }),
    );
  });

  it('no text is read as a number that is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const parse of [parseDuration, parseRate, parseShare])
          try {
            assert.ok(Number.isFinite(parse(text)) && parse(text) >= 0, text);
          } catch (error) {
            assert.equal((error as Error).name, 'UnitError', text);
          }
      }),
    );
  });
});
