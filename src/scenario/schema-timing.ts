import { z } from 'zod';
import { duration } from './quantities.js';

const repeat = z
  .strictObject({
    times: z
      .number({ error: 'a whole number of at least 2' })
      .int({ error: 'a whole number of at least 2' })
      .min(2, { error: 'a whole number of at least 2' })
      .describe('How often the fault comes in all'),
    every: duration().describe('From one start to the next; longer than the fault itself'),
  })
  .describe('The fault comes more than once');

/** When a fault comes, how long it stays, and how often. */
export const timing = {
  at: duration().describe('When the fault is applied, from the start of traffic'),
  for: duration().optional().describe('How long it lasts; left out, it lasts to the end'),
  repeat: repeat.optional().describe('The fault comes more than once'),
};
