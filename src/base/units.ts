/**
 * Quantities as people write them in scenario files. Every parser throws a UnitError that says what was expected.
 * Durations are milliseconds (resolution 1 µs), rates are per second, shares are 0–1.
 */

/** What each parser expects, in words: the tail of every unit error. */
export const Expected = {
  duration: 'a duration such as 20s or 150ms',
  rate: 'a rate such as 2/s or 30/m',
  share: 'a share such as 5% (0% to 100%)',
  size: 'a size such as 256M or 2G (at least 6M)',
  durationBound: 'a bound on a duration such as "<= 6s"',
  shareBound: 'a bound on a share such as ">= 95%"',
  scoreBound: 'a bound on a score of 0 to 5, quoted: ">= 3.6"',
  countBound: 'a bound on a count such as 0, "<= 1" or none',
} as const;

/** Patterns for editors; the parsers are at least as strict. */
export const Pattern = {
  duration: String.raw`^(?=\d)(\d+(\.\d+)?h)?(\d+(\.\d+)?m(?!s))?(\d+(\.\d+)?s)?(\d+(\.\d+)?ms)?$`,
  rate: String.raw`^\d+(\.\d+)?/(s|m|h)$`,
  size: String.raw`^\d+(\.\d+)?[MG]$`,
  share: String.raw`^\d+(\.\d+)?%$`,
  bound: String.raw`^(<=|<|>=|>) *\S+$`,
} as const;

export interface Bound {
  operator: '<=' | '<' | '>=' | '>';
  /** Milliseconds, a share 0–1, a score, or a count. */
  value: number;
}

/** A quantity that doesn't read as one: `message` is `expected …, not "…"`. */
class UnitError extends Error {
  constructor(
    readonly expected: string,
    got: string,
  ) {
    super(`expected ${expected}, not "${got}"`);
    this.name = 'UnitError';
  }
}

const durationUnitsMs = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const rateUnitsS = { s: 1, m: 60, h: 3600 } as const;

/** `20s`, `40ms`, `1m30s`, `1.5s`, `2h` → milliseconds. */
export function parseDuration(text: string): number {
  if (!new RegExp(Pattern.duration).test(text)) throw new UnitError(Expected.duration, text);
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    totalMs += Number(amount) * durationUnitsMs[unit as keyof typeof durationUnitsMs];
  return round(totalMs, 1e3);
}

/** Milliseconds → the shortest exact text in whole units, such as `1m30s`, `1.5s` or `150ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${durationMs}ms`;
  const minutes = Math.floor(durationMs / 60_000);
  const seconds = round((durationMs - minutes * 60_000) / 1000, 1e6);
  return `${minutes > 0 ? `${minutes}m` : ''}${seconds > 0 ? `${seconds}s` : ''}`;
}

/** `2/s`, `30/m`, `90/h` → per second. */
export function parseRate(text: string): number {
  if (!new RegExp(Pattern.rate).test(text)) throw new UnitError(Expected.rate, text);
  const [amount, unit] = text.split('/');
  return Number(amount) / rateUnitsS[unit as keyof typeof rateUnitsS];
}

/** `5%` → 0.05; from 0 % to 100 %. */
export function parseShare(text: string): number {
  if (!new RegExp(Pattern.share).test(text)) throw new UnitError(Expected.share, text);
  const share = round(Number(text.slice(0, -1)) / 100, 1e9);
  if (share > 1) throw new UnitError(Expected.share, text);
  return share;
}

const sizeUnitsBytes = { M: 1 << 20, G: 1 << 30 } as const;
/** Below this Docker takes no limit. */
const LEAST_BYTES = 6 * sizeUnitsBytes.M;

/** `256M`, `1.5G` (powers of 1024) → bytes. */
export function parseSize(text: string): number {
  if (!new RegExp(Pattern.size).test(text)) throw new UnitError(Expected.size, text);
  const bytes = Math.round(
    Number(text.slice(0, -1)) * sizeUnitsBytes[text.slice(-1) as keyof typeof sizeUnitsBytes],
  );
  if (bytes < LEAST_BYTES) throw new UnitError(Expected.size, text);
  return bytes;
}

/** `<= 6s`, `< 150ms`. */
export const parseDurationBound = (text: string): Bound =>
  parseBound(text, Expected.durationBound, parseDuration);

/** `>= 95%`. */
export const parseShareBound = (text: string): Bound => parseBound(text, Expected.shareBound, parseShare);

/** `>= 3.6`: a MOS, or a difference of two. */
export const parseScoreBound = (text: string): Bound =>
  parseBound(text, Expected.scoreBound, (score) => {
    if (!/^\d(\.\d+)?$/.test(score) || Number(score) > 5) throw new UnitError(Expected.scoreBound, score);
    return Number(score);
  });

/** `<= 1`, a plain `1` (at most one), or `none`. */
export function parseCountBound(given: string | number): Bound {
  if (given === 'none') return { operator: '<=', value: 0 };
  const text = typeof given === 'number' || /^\d+$/.test(given) ? `<= ${given}` : given;
  return parseBound(text, Expected.countBound, (count) => {
    if (!/^\d+$/.test(count)) throw new UnitError(Expected.countBound, count);
    return Number(count);
  });
}

function parseBound(text: string, expected: string, parseValue: (text: string) => number): Bound {
  const match = /^(<=|<|>=|>) *(\S+)$/.exec(text);
  if (!match) throw new UnitError(expected, text);
  try {
    return { operator: match[1] as Bound['operator'], value: parseValue(match[2] ?? '') };
  } catch {
    throw new UnitError(expected, text);
  }
}

/** Rounds away binary noise: 1.1 s is 1100 ms, not 1100.0000000000002. */
function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
