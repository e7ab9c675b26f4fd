import { z } from 'zod';
import { duration, share } from './quantities.js';
import { timing } from './schema-timing.js';

/** Signals that end a program which doesn't look after them. */
const crashSignals = ['KILL', 'SEGV', 'ABRT', 'TERM'] as const;

const node = (what: string, example: string) => z.string({ error: `${what}, such as ${example}` });

export const powerSchema = z
  .strictObject({
    at: timing.at,
    power: z
      .union([node('a node', 'sbc'), z.array(z.string()).min(1, { error: 'at least one node' })], {
        error: 'a node that loses its power, or a list of nodes',
      })
      .describe(
        'The node whose power goes: all of it ends at once, and its interfaces are dark. Of a list, all go together and come back in this order',
      ),
    for: timing.for.describe('How long the power is away; left out, it stays away'),
    'boot-delay': duration()
      .optional()
      .describe('From the power being back to the node being on, before its programs start'),
    ups: duration().optional().describe('Its battery: the node runs on for this long after the power went'),
    gap: duration().optional().describe('Of a list: from one node being on again to the next'),
    repeat: timing.repeat.describe(
      'The power goes more than once; more often than a boot takes, it is a brown-out',
    ),
  })
  .describe('Takes the power of a node, or of several');

export const freezeSchema = z
  .strictObject({
    at: timing.at,
    freeze: node('a node to freeze', 'carrier-a').describe(
      'The node that stands still: its kernel takes packets and connections, and nothing in it does anything',
    ),
    for: timing.for,
    repeat: timing.repeat,
  })
  .describe('Freezes everything in a node');

export const crashSchema = z
  .strictObject({
    at: timing.at,
    crash: node('a node in which a program crashes', 'sbc').describe('The node in which a program crashes'),
    program: z
      .string({ error: 'the program that crashes' })
      .describe("The program, by its name in the lab's nodes"),
    signal: z
      .enum(crashSignals)
      .default('KILL')
      .describe('What it is ended by, with all that it started; KILL if left out'),
    'restart-after': duration()
      .optional()
      .describe('From the crash to the program being started again; left out, it stays away'),
    repeat: timing.repeat,
  })
  .describe('Crashes one program of a node');

const status = (low: number, what: string) =>
  z.number({ error: what }).int({ error: what }).min(low, { error: what }).max(699, { error: what });

export const answerSchema = z
  .strictObject({
    at: timing.at,
    answer: node('a carrier or phone that answers otherwise', 'carrier-a').describe(
      'The carrier or phone whose answers change; calls that are up go on',
    ),
    invite: status(400, 'a final response that refuses, from 400 to 699, such as 503')
      .optional()
      .describe('What new calls get, such as 503; left out, they are taken as ever'),
    options: status(200, 'a final response from 200 to 699, such as 404')
      .optional()
      .describe('What OPTIONS probes get, such as 404; left out, 200'),
    for: timing.for,
    repeat: timing.repeat,
  })
  .describe('Lets a carrier or phone answer new calls or probes otherwise');

export const starveSchema = z
  .strictObject({
    at: timing.at,
    starve: node('a node to starve', 'sbc').describe('The node that gets too little processor time'),
    cpu: share().describe('What all of the node gets of one processor, such as 5%'),
    for: timing.for,
    repeat: timing.repeat,
  })
  .describe('Leaves a node too little processor time');
