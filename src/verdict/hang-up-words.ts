import { count } from '../base/count.js';
import type { EvidenceRef } from '../evidence/types.js';
import { isCutShort } from '../measures/hang-ups.js';
import type { CallMeasure } from '../measures/types.js';
import { CITED } from '../evidence/cite.js';
import { never, type Finding } from './finding.js';

/** Where a call's hang-up was seen. */
export const citeHangUp = ({ id, hangUp }: CallMeasure): EvidenceRef[] =>
  (hangUp?.evidence ?? []).map((ref) => ({ ...ref, note: `${id}: ${ref.note ?? 'hung up'}` }));

/** `sbc`, or `sbc and carrier-b` */
export const whoHungUp = (calls: readonly CallMeasure[]): string =>
  [...new Set(calls.flatMap(({ hangUp }) => (hangUp ? [hangUp.by] : [])))].join(' and ');

/**
 * Calls that were ended before anybody could tell who was heard: whoever ended them is to blame, and no one's ears are. Null
 * unless all of them were.
 */
export function endedTooSoon(unheard: readonly CallMeasure[], where: string): Finding | null {
  if (unheard.length === 0 || unheard.some((call) => isCutShort(call) !== true)) return null;
  return never(
    `${count(unheard.length, 'answered call')}${where} could not be listened to, because ${whoHungUp(unheard)} hung up too soon.`,
    unheard.slice(0, CITED).flatMap(citeHangUp),
  );
}
