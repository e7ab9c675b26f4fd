import { suggestion } from '../base/nearest.js';
import type { Finding } from './source.js';

/** A name that a lab doesn't have, with the nearest that it has. */
export function unknownName(
  code: string,
  lab: string,
  thing: string,
  name: string,
  known: string[],
  path: PropertyKey[],
): Finding {
  return {
    code,
    what: `the lab "${lab}" has no ${thing} "${name}".`,
    fix: suggestion(name, known, `${thing}s`),
    path,
    at: 'value',
  };
}
