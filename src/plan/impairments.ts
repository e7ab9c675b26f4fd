import type { ImpairmentFields } from '../scenario/schema-impair.js';
import type { Chance, Delay, Impairment, Loss } from './impairment.js';

/** An impairment as a scenario file gives it, whole: what isn't named isn't done. */
export function impairmentOf(fields: ImpairmentFields): Impairment {
  const { duplicate, corrupt, reorder, rate, burst, queue, slots, mtu } = fields;
  return {
    delay: delayOf(fields),
    loss: lossOf(fields.loss),
    duplicate: duplicate ? chanceOf(duplicate) : null,
    corrupt: corrupt ? chanceOf(corrupt) : null,
    reorder: reorder ? { ...chanceOf(reorder), gap: reorder.gap ?? 1 } : null,
    rate:
      rate === undefined
        ? null
        : {
            bitsPerS: rate,
            burstBytes: burst ?? 0,
            limitPackets: queue?.packets ?? null,
            limitMs: queue?.ms ?? null,
          },
    slot: slots
      ? {
          minMs: slots.min ?? slots.every ?? 0,
          maxMs: slots.max ?? slots.every ?? 0,
          packets: slots.packets ?? null,
        }
      : null,
    mtuBytes: mtu ?? null,
  };
}

/** What a block does to the packets it is for. */
export const dropAll: Impairment = impairmentOf({ loss: { random: 1 } });

function chanceOf({ share, correlation = 0 }: { share: number; correlation?: number | undefined }): Chance {
  return { share, correlation };
}

function delayOf({ delay, jitter = 0, distribution, correlation = 0 }: ImpairmentFields): Delay | null {
  if (delay === undefined) return null;
  return {
    ms: delay,
    jitterMs: jitter,
    distribution:
      typeof distribution === 'object' ? { name: 'own', ...distribution } : (distribution ?? 'uniform'),
    correlation,
  };
}

function lossOf(loss: ImpairmentFields['loss']): Loss | null {
  if (loss === undefined) return null;
  if ('random' in loss)
    return { kind: 'random', ...chanceOf({ share: loss.random, correlation: correlationOf(loss) }) };
  if ('gilbert-elliott' in loss) return { kind: 'gilbert-elliott', ...loss['gilbert-elliott'] };
  if ('four-state' in loss) return { kind: 'four-state', ...loss['four-state'] };
  if ('burst' in loss) return burstLoss(loss.burst);
  return { kind: 'pattern', lose: [...loss.pattern].map((sign) => sign === 'x') };
}

function correlationOf(loss: object): number | undefined {
  return 'correlation' in loss && typeof loss.correlation === 'number' ? loss.correlation : undefined;
}

/**
 * Gilbert's model (k = 1, h = 0) by what it gives: bursts end with r = 1 / length, and the stationary share lost,
 * p / (p + r), is the rate.
 */
export function burstLoss({ rate, length }: { rate: number; length: number }): Loss {
  const r = 1 / length;
  return { kind: 'gilbert-elliott', p: rate === 0 ? 0 : (r * rate) / (1 - rate), r, h: 0, k: 1 };
}
