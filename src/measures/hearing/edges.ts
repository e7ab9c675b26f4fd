import { PRESENCE_HOP_MS } from './presence.js';

/** How far from the coarse edge the exact one is looked for. */
const REACH = 80 / PRESENCE_HOP_MS;

/**
 * The instant near `aboutMs` (after the audio's start) at which the tone's amplitude passes half of what is typical
 * (−6 dB): there the middle of a window lies on the edge. `side` says where the tone is. Interpolated between
 * frames; `aboutMs` itself if it passes nowhere near.
 */
export function edgeNear(
  tone: Float64Array,
  typical: number,
  aboutMs: number,
  side: 'before' | 'after',
): number {
  const towardsTone = side === 'before' ? -1 : 1;
  const isThere = (frame: number): boolean => (tone[frame] ?? 0) >= typical / 4;
  let frame = Math.round(aboutMs / PRESENCE_HOP_MS);
  const startedThere = isThere(frame);
  const direction = startedThere ? -towardsTone : towardsTone;
  for (let steps = 0; steps < REACH; steps++, frame += direction) {
    if (isThere(frame + direction) === startedThere) continue;
    const here = amplitude(tone, frame, typical);
    const next = amplitude(tone, frame + direction, typical);
    const share = here === next ? 0 : (0.5 - here) / (next - here);
    return (frame + direction * share) * PRESENCE_HOP_MS;
  }
  return aboutMs;
}

function amplitude(tone: Float64Array, frame: number, typical: number): number {
  return Math.sqrt((tone[frame] ?? 0) / typical);
}
