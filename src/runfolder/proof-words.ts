import { bitRateWords, shareWords } from '../plan/words.js';
import type { ProofFigure } from './journal.js';

const UNITS: Record<ProofFigure['unit'], (value: number) => string> = {
  share: shareWords,
  ms: (value) => `${value.toFixed(1)} ms`,
  'bit/s': bitRateWords,
  packets: String,
  carrier: (value) => (value === 0 ? 'gone' : 'there'),
  connections: String,
  correlation: (value) => value.toFixed(2),
  bytes: (value) => `${Math.round(value)} B`,
  processes: String,
  interfaces: String,
  sockets: String,
  answers: String,
  programs: String,
  periods: String,
};

/** `from sbc: missing 2.3 % (0.9 %–5.6 %) where 2 % was asked for`; the interval is one of 99.9 %. */
export function figureWords({
  from,
  what,
  unit,
  rule,
  requested,
  achieved,
  interval,
  by,
  unproven,
}: ProofFigure): string {
  const value = (x: number | null) => (x === null ? 'any' : UNITS[unit](x));
  const range = ([low, high]: readonly [number, number | null]) =>
    low === high ? value(low) : high === null ? `at least ${value(low)}` : `${value(low)}–${value(high)}`;
  const about = rule === null ? '' : ` (rule ${rule + 1})`;
  const within = interval ? ` (${range(interval)})` : '';
  const met =
    achieved === null
      ? unproven
        ? `not measured (${unproven})`
        : 'nothing measured'
      : value(achieved) + within + (unproven ? `, unproven (${unproven})` : '');
  return `${by === 'read-back' ? 'at' : 'from'} ${from}${about}: ${what} ${met} where ${range(requested)} was asked for`;
}
