import { z } from 'zod';

/** What the quantities of impairments look like, in words: the tail of every error about them. */
export const ExpectedOfLink = {
  bitRate: 'a bit rate such as 512kbit or 2Mbit (bits a second, with its unit)',
  bytes: 'a size such as 1500B or 15kB (bytes, with its unit)',
} as const;

const BIT_RATE = /^(\d+(?:\.\d+)?)(bit|kbit|Mbit|Gbit)$/;
const BYTES = /^(\d+(?:\.\d+)?)(B|kB|MB)$/;
/** Powers of ten, as links are sold and as tc counts them. */
const FACTORS: Record<string, number> = { bit: 1, kbit: 1e3, Mbit: 1e6, Gbit: 1e9, B: 1, kB: 1e3, MB: 1e6 };

/** `512kbit` → bits a second, a whole number. `512k`, `512kbps` and `0.5m` are refused: they mean different things to different tools. */
export const bitRate = () => scaled(BIT_RATE, ExpectedOfLink.bitRate);
/** `15kB` → bytes, a whole number. */
export const bytes = () => scaled(BYTES, ExpectedOfLink.bytes);

const scaled = (pattern: RegExp, expected: string) =>
  z
    .string({ error: expected })
    .regex(pattern, { error: expected })
    .transform((text) => {
      const [, amount, unit = ''] = pattern.exec(text) ?? [];
      return Math.round(Number(amount) * (FACTORS[unit] ?? NaN));
    });

/** A whole number in a range. */
export const whole = (least: number, most: number, thing: string) => {
  const error = `${thing} from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
};
