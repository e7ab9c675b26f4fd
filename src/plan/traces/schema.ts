import { z } from 'zod';

const ms = z.number().min(0).max(3_600_000);
const share = z.number().min(0).max(1);
const chance = z.strictObject({ share, correlation: share.default(0) });
const absent = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/** Impairment (src/plan/impairment.ts) as trace files have it: ms, shares 0–1; what isn't named isn't done. */
const impairmentRecord = {
  delay: absent(
    z
      .strictObject({
        ms,
        jitterMs: ms.default(0),
        distribution: z
          .union([
            z.enum(['uniform', 'normal', 'pareto', 'paretonormal']),
            z.strictObject({
              name: z.string(),
              table: z
                .array(z.number())
                .min(2)
                .refine((table) => table.every((value, index) => value >= (table[index - 1] ?? value)), {
                  error: 'a table ascends from its least value to its greatest',
                }),
            }),
          ])
          .default('uniform'),
        correlation: share.default(0),
      })
      .refine((delay) => delay.jitterMs <= delay.ms, { error: 'jitterMs at most ms' }),
  ),
  loss: absent(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('random'), share, correlation: share.default(0) }),
      z
        .strictObject({
          kind: z.literal('gilbert-elliott'),
          p: share,
          r: share,
          h: share.default(0),
          k: share.default(1),
        })
        .refine(({ p, r }) => p === 0 || r > 0, { error: 'with an r of 0 the line stays bad for ever' }),
      z
        .strictObject({
          kind: z.literal('four-state'),
          p13: share,
          p31: share,
          p32: share,
          p23: share,
          p14: share,
        })
        .refine(({ p13, p14 }) => p13 + p14 <= 1, { error: 'p13 and p14 are more than 1 together' })
        .refine(({ p31, p32 }) => p31 + p32 <= 1, { error: 'p31 and p32 are more than 1 together' })
        .refine(({ p13, p31 }) => p13 === 0 || p31 > 0, { error: 'with a p31 of 0 no burst ever ends' }),
      z
        .strictObject({ kind: z.literal('pattern'), lose: z.array(z.boolean()).min(1) })
        .refine(({ lose }) => lose.includes(true), { error: 'this pattern loses nothing' }),
    ]),
  ),
  duplicate: absent(chance),
  corrupt: absent(chance),
  reorder: absent(
    z.strictObject({ share, correlation: share.default(0), gap: z.number().int().min(1).default(1) }),
  ),
  rate: absent(
    z.strictObject({
      bitsPerS: z.number().positive(),
      burstBytes: z.number().int().min(0).default(0),
      limitPackets: absent(z.number().int().min(1)),
      limitMs: absent(z.number().positive()),
    }),
  ),
  slot: absent(
    z
      .strictObject({ minMs: ms, maxMs: ms, packets: absent(z.number().int().min(1)) })
      .refine((slot) => slot.minMs <= slot.maxMs, { error: 'minMs at most maxMs' }),
  ),
  mtuBytes: absent(z.number().int().min(68).max(65_535)),
};

/** First line of a trace file. */
export const headerRecord = z.strictObject({
  'deadair-trace': z.literal(1, { error: 'version 1' }),
  end: z.enum(['hold', 'loop', 'stop']),
  source: z.string(),
  /** Time records only: when the last of them is over. */
  lengthMs: z.number().positive().optional(),
});

export const timeRecord = z
  .strictObject({ atMs: z.number().min(0), ...impairmentRecord })
  .refine(({ reorder, delay }) => reorder === null || (delay !== null && delay.ms > 0), {
    error: 'reorder needs a delay, past which packets go',
  });
export const packetRecord = z.strictObject({ delayMs: ms.nullable() });
