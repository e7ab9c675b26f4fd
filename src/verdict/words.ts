import { count } from '../base/count.js';
import type { Bound } from '../plan/planned-expectation.js';
import type { ExpectationResult } from './types.js';

type Unit = ExpectationResult['unit'];

/** `1.42 s`, or `34 ms` below a tenth of a second */
export const inSeconds = (ms: number): string =>
  ms !== 0 && Math.abs(ms) < 100 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(2))} s`;

/** A figure in the unit that a reader wants. */
export function figure(value: number, unit: Unit): string {
  if (unit === 'ms') return inSeconds(value);
  if (unit === 'share') return `${Number((value * 100).toFixed(1))} %`;
  if (unit === 'MOS') return value.toFixed(2);
  return count(value, unit.slice(0, -1));
}

const SIGNS: Record<Bound['operator'], string> = { '<=': '≤', '<': '<', '>=': '≥', '>': '>' };

export const threshold = ({ operator, value }: Bound, unit: Unit): string =>
  `${SIGNS[operator]} ${figure(value, unit)}`;

export function satisfies(value: number, { operator, value: limit }: Bound): boolean {
  switch (operator) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
  }
}
