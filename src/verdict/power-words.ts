import type { PowerCycle } from '../measures/power-cycles.js';
import { inSeconds } from './words.js';

/** The parts of a power cycle that are known: `without power 15 s, boot 0.9 s, trunk 1.2 s after it was on, …`. */
export function cycleParts({ parts }: Pick<PowerCycle, 'parts'>): string {
  const part = (before: string, ms: number | null, after = '') =>
    ms === null ? [] : [`${before} ${inSeconds(ms)}${after}`];
  return [
    ...part('without power', parts.outageMs),
    ...part('boot', parts.bootMs),
    ...part('trunk', parts.trunkMs, ' after it was on'),
    ...part('registrations', parts.registrationsMs),
    ...part('ready to first call', parts.firstCallMs),
  ].join(', ');
}
