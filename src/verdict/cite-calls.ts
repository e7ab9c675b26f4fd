import { CITED } from '../evidence/cite.js';
import type { EvidenceRef } from '../evidence/types.js';
import type { CallMeasure } from '../measures/types.js';

/** The last frame that tells of a call. */
export const citeLast = (
  { id, evidence }: Pick<CallMeasure, 'id' | 'evidence'>,
  note: string,
): EvidenceRef[] => evidence.slice(-1).map((ref) => ({ ...ref, note: `${id} ${note}` }));

/** That of the first few calls. */
export const citeCalls = (calls: readonly CallMeasure[], note: string): EvidenceRef[] =>
  calls.slice(0, CITED).flatMap((call) => citeLast(call, note));
