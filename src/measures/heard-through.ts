import type { CallMeasure } from './types.js';

/**
 * Both sides heard each other, and neither went unheard for a time: a call that was heard for its first second and then dead isn't
 * good. Null for one that was not listened to, or where it can't be known.
 */
export function isHeardThrough({ ears, oneWay, deadAir }: CallMeasure): boolean | null {
  if (ears === null) return null;
  if (ears.caller.class !== 'correct' || ears.callee.class !== 'correct' || oneWay || deadAir) return false;
  return oneWay === null || deadAir === null ? null : true;
}
