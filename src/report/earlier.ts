import type { ScenarioResult } from '../verdict/types.js';

/** A line for each attempt before the one that counts: `attempt 1 was invalid: HOST_STARVED (earlier_attempts/steady.1)`. */
export const earlierLines = ({ earlier = [] }: ScenarioResult): string[] =>
  earlier.map(
    ({ folder, problems }, index) =>
      `attempt ${index + 1} was invalid: ${problems.map(({ code }) => code).join(', ')} (${folder})`,
  );
