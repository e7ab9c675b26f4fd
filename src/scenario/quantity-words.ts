import { Expected, Pattern } from '../base/units.js';
import { NAME_PATTERN } from './quantities.js';

const WORDS = new Map<string, string>([
  [Pattern.duration, Expected.duration],
  [Pattern.rate, Expected.rate],
  [Pattern.size, Expected.size],
  [Pattern.share, Expected.share],
  [Pattern.bound, 'a bound such as "<= 6s" or ">= 95%"'],
  [NAME_PATTERN.source, 'a name in lower-case letters, digits and single hyphens'],
]);

/** What a text of this pattern is, in words; undefined where the pattern says more than words would. */
export const quantityWords = (pattern: string): string | undefined => WORDS.get(pattern);
