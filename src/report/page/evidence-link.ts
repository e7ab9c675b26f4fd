import type { EvidenceRef } from '../../evidence/types.js';
import { printable, seconds } from '../text.js';

/** A cited packet's call, as a link. */
export interface CallLink {
  href: string;
  id: string;
}

/** A link to the file in the run folder, and where in it to look. */
export function evidenceLink(
  scenarioId: string,
  { file, frame, atMs, note }: EvidenceRef,
  call: CallLink | null = null,
) {
  const path = [scenarioId, ...file.split('/')].map(encodeURIComponent).join('/');
  return {
    href: `./${path}`,
    file: printable(file),
    frame: frame === undefined ? '' : `frame ${frame}`,
    at: atMs === undefined ? '' : `at ${seconds(atMs)}`,
    note: printable(note ?? ''),
    call,
  };
}
