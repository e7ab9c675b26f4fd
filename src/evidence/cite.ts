import type { EvidenceRef, Seen } from './types.js';

/** Frames, calls or streams that are cited for one finding: enough to look at. */
export const CITED = 4;

/** Points at the frame in which something was seen. */
export const cite = (
  { seen: { file, frame, atMs } }: { seen: Pick<Seen, 'file' | 'frame' | 'atMs'> },
  note?: string,
): EvidenceRef => ({
  file,
  frame,
  atMs,
  ...(note !== undefined && { note }),
});
