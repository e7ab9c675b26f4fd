import type { CapturedFrame } from './captured-frame.js';

const SLL2 = 276;

/** What to call interface `index` of the capture that a frame is of; empty if there's only one and it has no name. */
export function interfaceName({ linkType, section }: CapturedFrame, index: number): string {
  // On "any", what tells interfaces apart is the number that the kernel gave them.
  if (linkType === SLL2) return `if${index}`;
  const name = section.interfaces[index]?.name ?? '';
  return name === '' && section.interfaces.length > 1 ? `if${index}` : name;
}
