import type { EvidenceRef } from '../evidence/types.js';
import type { ExpectationResult } from '../verdict/types.js';

/** C0 (tab and newline too), DEL, C1, and the marks that turn text around: nothing that comes off a wire may steer a terminal. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line of text that is safe to print: control characters become a visible placeholder. */
export const printable = (text: string): string => text.replace(STEERING, '\u00b7');

/** What stands for a value that wasn't measured. */
const UNKNOWN = 'not measured';

/** A measured value with its unit, in the unit a reader wants: `1.42 s`, `98.6 %`, `3 calls`. */
export function withUnit(value: number | null, unit: ExpectationResult['unit']): string {
  if (value === null) return UNKNOWN;
  if (unit === 'ms') return seconds(value);
  if (unit === 'share') return percent(value);
  if (unit === 'MOS') return `MOS ${value.toFixed(2)}`;
  const noun = value === 1 ? unit.slice(0, -1) : unit;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${noun}`;
}

/** Milliseconds as seconds; times that never came are `never`. */
export function seconds(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (!Number.isFinite(ms)) return 'never';
  return `${(ms / 1000).toFixed(Math.abs(ms) < 9950 ? 2 : 1)} s`;
}

export function percent(share: number | null): string {
  if (share === null) return UNKNOWN;
  const rounded = Math.round(share * 1000) / 10;
  return `${Number.isInteger(rounded) ? rounded : rounded.toFixed(1)} %`;
}

/** 0–100 without decimals, `–` if it could not be scored. */
export const score = (value: number | null): string => (value === null ? '–' : String(Math.round(value)));

/** `captures/sbc.eth0.pcap frame 12 (no 180 came)` */
export function cite(evidence: EvidenceRef): string {
  const frame = evidence.frame === undefined ? '' : ` frame ${evidence.frame}`;
  const at = evidence.atMs === undefined ? '' : ` at ${seconds(evidence.atMs)}`;
  const note = evidence.note === undefined ? '' : ` (${evidence.note})`;
  return printable(`${evidence.file}${frame}${at}${note}`);
}
