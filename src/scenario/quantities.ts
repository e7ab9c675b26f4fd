import { z } from 'zod';
import {
  Expected,
  Pattern,
  parseCountBound,
  parseDuration,
  parseDurationBound,
  parseRate,
  parseScoreBound,
  parseShare,
  parseShareBound,
  parseSize,
} from '../base/units.js';

/** Quantities as schemas: a text in the file, a number of the base unit once parsed (see base/units). */
const quantity = <T>(expected: string, pattern: string, parse: (text: string) => T) =>
  z
    .string({ error: expected })
    .meta({ pattern })
    .transform((text, context) => orIssue(expected, text, context, parse));

export const duration = () => quantity(Expected.duration, Pattern.duration, parseDuration);
export const rate = () => quantity(Expected.rate, Pattern.rate, parseRate);
export const size = () => quantity(Expected.size, Pattern.size, parseSize);
export const share = () => quantity(Expected.share, Pattern.share, parseShare);
export const durationBound = () => quantity(Expected.durationBound, Pattern.bound, parseDurationBound);
export const shareBound = () => quantity(Expected.shareBound, Pattern.bound, parseShareBound);
export const scoreBound = () => quantity(Expected.scoreBound, Pattern.bound, parseScoreBound);
export const countBound = () =>
  z
    .union([z.string(), z.number().int()], { error: Expected.countBound })
    .transform((given, context) => orIssue(Expected.countBound, given, context, parseCountBound));

export const NAME_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Name of a scenario, node, flow …: also the name of a file or an interface, hence the narrow alphabet. */
export const name = (thing: string) =>
  z.string({ error: `the name of ${thing}` }).regex(NAME_PATTERN, {
    error: `${thing}'s name in lower-case letters, digits and single hyphens`,
  });

/** A value for config templates. */
export const templateValue = () =>
  z.union([z.string(), z.number(), z.boolean()], { error: 'a text, a number, true or false' });

function orIssue<Given, T>(
  expected: string,
  given: Given,
  context: z.RefinementCtx,
  parse: (given: Given) => T,
): T {
  try {
    return parse(given);
  } catch {
    context.addIssue({ code: 'custom', message: expected, input: given });
    return z.NEVER;
  }
}
