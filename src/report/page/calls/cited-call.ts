import type { EvidenceRef } from '../../../evidence/types.js';
import type { CallDetails } from '../../../measures/details/types.js';
import type { CallMeasure } from '../../../measures/types.js';

/** Tells of a cited packet which call it is of: its index among the calls; null if it is of none, or that isn't known. */
export function citedCall(
  calls: readonly CallMeasure[],
  details: CallDetails | null,
): (ref: EvidenceRef) => number | null {
  const indexOf = new Map(calls.map(({ id }, index) => [id, index]));
  const owner = new Map(
    details?.cited.map(({ file, frame, call }) => [`${file} ${frame}`, indexOf.get(call) ?? null]),
  );
  return ({ file, frame }) => (frame === undefined ? null : (owner.get(`${file} ${frame}`) ?? null));
}
