import { z } from 'zod';
import { bitRate, bytes, whole } from './impair-units.js';
import { duration, share } from './quantities.js';

const distributions = ['uniform', 'normal', 'pareto', 'paretonormal'] as const;

const correlation = () =>
  share().optional().describe('How much each draw depends on the one before, such as 25%');

const distribution = z
  .union(
    [
      z.enum(distributions),
      z.strictObject({
        table: z
          .array(z.number(), { error: 'a list of numbers' })
          .min(2, { error: 'at least two numbers' })
          .describe(
            'Inverse distribution, evenly spaced and ascending, in standard deviations from the mean',
          ),
      }),
    ],
    { error: `one of ${distributions.join(', ')}, or {table: [-1, 0, 1]}` },
  )
  .describe('How the jitter is spread: uniform (within ± jitter), or with jitter as its standard deviation');

const chance = (what: string) =>
  z
    .union(
      [
        share(),
        z.strictObject({ share: share().describe(`Share of packets ${what}`), correlation: correlation() }),
      ],
      { error: 'a share such as 2% (0% to 100%), or {share: 2%, correlation: 25%}' },
    )
    .transform((given) => (typeof given === 'number' ? { share: given } : given));

const loss = z
  .union(
    [
      share(),
      z.strictObject({ random: share().describe('Share of packets lost'), correlation: correlation() }),
      z.strictObject({
        'gilbert-elliott': z
          .strictObject({
            p: share().describe('Good → bad, per packet'),
            r: share().describe('Bad → good, per packet'),
            h: share().default(0).describe('Share that gets through while bad'),
            k: share().default(1).describe('Share that gets through while good'),
          })
          .describe('Two states, good and bad'),
      }),
      z.strictObject({
        'four-state': z
          .strictObject({
            p13: share().describe('Good → lost in a burst'),
            p31: share().describe('Lost in a burst → good'),
            p32: share().describe('Lost in a burst → passing within the burst'),
            p23: share().describe('Passing within the burst → lost'),
            p14: share().describe('Good → lost alone'),
          })
          .describe("netem's four states"),
      }),
      z.strictObject({
        burst: z
          .strictObject({
            rate: share().describe('Share of packets lost in all'),
            length: z
              .number({ error: 'a mean burst length of at least 1 packet' })
              .min(1, { error: 'a mean burst length of at least 1 packet' })
              .describe('Mean length of a burst in packets'),
          })
          .describe('Losses in bursts: Gilbert–Elliott by its outcome'),
      }),
      z.strictObject({
        pattern: z
          .string({ error: 'a pattern of . (passes) and x (lost) such as "..x."' })
          .regex(/^[.x]+$/, { error: 'a pattern of . (passes) and x (lost) such as "..x."' })
          .describe('Repeated for ever: . passes, x is lost'),
      }),
    ],
    {
      error:
        'a share such as 2% (0% to 100%), or one of {random}, {gilbert-elliott}, {four-state}, {burst: {rate: 2%, length: 4}}, {pattern}',
    },
  )
  .transform((given) => (typeof given === 'number' ? { random: given } : given));

const reorder = z
  .strictObject({
    share: share().describe('Share of packets that go at once, past those that wait for the delay'),
    correlation: correlation(),
    gap: whole(1, 10_000, 'a whole number').optional().describe('Only every so manieth is a candidate'),
  })
  .describe('Packets overtake others; needs a delay');

const queue = z
  .strictObject({
    packets: whole(1, 1_000_000, 'a whole number').optional().describe('Packets that may wait'),
    ms: whole(1, 60_000, 'milliseconds')
      .optional()
      .describe('Longest wait in milliseconds before a packet is dropped'),
  })
  .describe('How much waits behind the rate: a long one shows bufferbloat');

const slots = z
  .strictObject({
    every: duration().optional().describe('Length of each slot'),
    min: duration().optional().describe('Shortest slot, with max'),
    max: duration().optional().describe('Longest slot, with min'),
    packets: whole(1, 1_000_000, 'a whole number').optional().describe('Packets in a slot at most'),
  })
  .describe('Packets are held and released together, as a radio with time slots does');

/** What a direction does to its packets, in the notation of scenario files; steps of profiles use it too. */
export const impairmentShape = {
  delay: duration().optional().describe('One-way delay added to each packet'),
  jitter: duration().optional().describe('The delay varies by this much either way; at most the delay'),
  distribution: distribution.optional(),
  correlation: correlation(),
  loss: loss.optional().describe('Packets dropped: a share such as 2%, or a model of bursts'),
  duplicate: chance('sent twice').optional().describe('Share of packets that arrive twice'),
  corrupt: chance('damaged').optional().describe('Share of packets in which one bit is flipped'),
  reorder: reorder.optional(),
  rate: bitRate().optional().describe('Bits a second that pass, such as 512kbit'),
  burst: bytes().optional().describe('Sent at line speed before the rate bites, such as 15kB'),
  queue: queue.optional(),
  slots: slots.optional(),
  mtu: whole(68, 65_535, 'a packet size')
    .optional()
    .describe('Longer packets (IP length in bytes) are dropped'),
};

/** An impairment as written, its units read. */
export type ImpairmentFields = z.output<z.ZodObject<typeof impairmentShape>>;

/** Keys of an entry that say what is done to packets. */
export const impairmentKeys = Object.keys(impairmentShape) as (keyof ImpairmentFields)[];
