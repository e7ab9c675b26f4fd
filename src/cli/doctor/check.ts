/** One thing that was looked at. */
export interface Check {
  name: string;
  /** `missing`: labs can't run. `limited`: they can, without something that the text names. */
  state: 'fine' | 'limited' | 'missing';
  /** What was found, in one line. */
  found: string;
  /** What to do about it; null where nothing is to be done. */
  fix: string | null;
}

export const fine = (name: string, found: string): Check => ({ name, state: 'fine', found, fix: null });
export const limited = (name: string, found: string, fix: string): Check => ({
  name,
  state: 'limited',
  found,
  fix,
});
export const missing = (name: string, found: string, fix: string): Check => ({
  name,
  state: 'missing',
  found,
  fix,
});
