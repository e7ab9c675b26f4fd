import type { PowerCycle } from '../measures/power-cycles.js';
import { printable, seconds } from './text.js';

/** One line of a terminal: `pbx back after 17.66 s: off 15.00 s, boot 0.90 s, trunk 1.20 s, registered 0.50 s, call 1.80 s`. */
export function cycleLine({ node, backMs, parts }: PowerCycle): string {
  const known = (
    [
      ['off', parts.outageMs],
      ['boot', parts.bootMs],
      ['trunk', parts.trunkMs],
      ['registered', parts.registrationsMs],
      ['call', parts.firstCallMs],
    ] as const
  ).flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${seconds(ms)}`]));
  const back = backMs === null ? 'never back' : `back after ${seconds(backMs)}`;
  return printable(`${node} ${back}${known.length > 0 ? `: ${known.join(', ')}` : ''}`);
}

/** A row of the report, as text. */
export function cycleRow({ node, cutAt, parts, registrations, backMs }: PowerCycle) {
  const part = (ms: number | null) => (ms === null ? '–' : seconds(ms));
  return {
    node: printable(node),
    cutAt: seconds(cutAt),
    outage: part(parts.outageMs),
    boot: part(parts.bootMs),
    trunk: part(parts.trunkMs),
    registrations: part(parts.registrationsMs),
    registered: registrations === null ? '' : `${registrations.back} of ${registrations.before}`,
    firstCall: part(parts.firstCallMs),
    back: backMs === null ? 'never' : seconds(backMs),
  };
}
