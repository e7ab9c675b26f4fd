import type { Delay, Impairment, Loss } from '../../plan/impairment.js';
import { ORDER_KEEPING_RATE_BITS_PER_S, type Qdisc, type Shown } from './qdisc.js';
import { tableName } from './tables.js';
import { bitRate, milliseconds, percent } from './words.js';

/** Far more than a link of a lab carries (packets/ms), so that netem's queue never loses a packet for lack of room. */
const MOST_PACKETS_PER_MS = 100;
/** Spread of a delay in units of its jitter: a table ends at four. */
const LARGEST_DEVIATION = 4;
/** For what arrives while the kernel is busy elsewhere. */
const HEADROOM_PACKETS = 10_000;

/**
 * What follows `tc qdisc replace dev X root netem` for an impairment: all of netem but the rate, which has a stage of
 * its own behind it (rate-stages.ts). Every attribute is written, also those that are zero: the kernel changes a netem in
 * place, so that what it holds isn't lost, and leaves as it was what it isn't told.
 */
export function netemArguments(impairment: Impairment): string[] {
  const { duplicate, corrupt, reorder, slot } = impairment;
  const chance = (given: { share: number; correlation: number } | null) => [
    percent(given?.share ?? 0),
    percent(given?.correlation ?? 0),
  ];
  return [
    ...['limit', String(netemLimit(impairment))],
    ...delayArguments(impairment.delay),
    ...lossArguments(impairment.loss),
    ...['duplicate', ...chance(duplicate)],
    ...['corrupt', ...chance(corrupt)],
    // tc refuses it without a delay, and without one it means nothing.
    ...['reorder', ...chance(hasDelay(impairment) ? reorder : null)],
    ...(hasDelay(impairment) && reorder && reorder.share > 0
      ? ['gap', String(Math.max(1, reorder.gap))]
      : []),
    ...['rate', bitRate(ORDER_KEEPING_RATE_BITS_PER_S)],
    ...['slot', milliseconds(slot?.minMs ?? 0), milliseconds(slot?.maxMs ?? 0)],
    ...(slot?.packets ? ['packets', String(slot.packets)] : []),
  ];
}

/**
 * The root qdisc of a stage that does all of an impairment but its rate.
 *
 * @param seed for its draws, where kernel and tc know seeds (6.6); else null
 */
export function netemQdisc(impairment: Impairment, seed: string | null): Qdisc {
  const args = [...netemArguments(impairment), ...(seed === null ? [] : ['seed', seed])];
  return { object: 'qdisc', kind: 'netem', parent: 'root', handle: null, args, shown: shownOf(impairment) };
}

/** Packets that netem may hold: as many as can arrive in its longest delay. tc's default of 1000 would add loss. */
export function netemLimit({ delay, slot }: Impairment): number {
  const longestMs = (delay ? delay.ms + LARGEST_DEVIATION * delay.jitterMs : 0) + (slot?.maxMs ?? 0);
  return HEADROOM_PACKETS + Math.ceil(longestMs * MOST_PACKETS_PER_MS);
}

function hasDelay({ delay }: Impairment): boolean {
  return delay !== null && delay.ms > 0;
}

function delayArguments(delay: Delay | null): string[] {
  const { ms, jitterMs, correlation } = delay ?? { ms: 0, jitterMs: 0, correlation: 0 };
  const figures = ['delay', milliseconds(ms), milliseconds(jitterMs), percent(correlation)];
  // A table that was set stays in netem for good, so that uniform must be given as one too.
  return delay && ms > 0 && jitterMs > 0
    ? [...figures, 'distribution', tableName(delay.distribution)]
    : figures;
}

function lossArguments(loss: Loss | null): string[] {
  switch (loss?.kind) {
    case undefined:
      return ['loss', 'random', '0%', '0%'];
    case 'random':
      return ['loss', 'random', percent(loss.share), percent(loss.correlation)];
    case 'gilbert-elliott':
      return ['loss', 'gemodel', ...[loss.p, loss.r, 1 - loss.h, 1 - loss.k].map(percent)];
    case 'four-state':
      return ['loss', 'state', ...[loss.p13, loss.p31, loss.p32, loss.p23, loss.p14].map(percent)];
    case 'pattern':
      throw new RangeError('netem has no loss by pattern');
  }
}

/** What `tc -j qdisc show` must say. tc leaves out what is zero. */
function shownOf(impairment: Impairment): Shown {
  const { delay, duplicate, corrupt, reorder, slot } = impairment;
  const moves = hasDelay(impairment) && reorder !== null && reorder.share > 0;
  return {
    limit: netemLimit(impairment),
    'delay.delay': (delay?.ms ?? 0) / 1000,
    'delay.jitter': (delay?.jitterMs ?? 0) / 1000,
    'delay.correlation': delay && delay.ms + delay.jitterMs > 0 ? delay.correlation : 0,
    ...shownLoss(impairment.loss),
    'duplicate.duplicate': duplicate?.share ?? 0,
    'duplicate.correlation': duplicate?.share ? duplicate.correlation : 0,
    'corrupt.corrupt': corrupt?.share ?? 0,
    'corrupt.correlation': corrupt?.share ? corrupt.correlation : 0,
    'reorder.reorder': moves ? reorder.share : 0,
    'reorder.correlation': moves ? reorder.correlation : 0,
    gap: moves ? Math.max(1, reorder.gap) : 0,
    'rate.rate': ORDER_KEEPING_RATE_BITS_PER_S / 8,
    'slot.min-delay': (slot?.minMs ?? 0) / 1000,
    'slot.max-delay': (slot?.maxMs ?? 0) / 1000,
    'slot.packets': slot?.packets ?? 0,
  };
}

function shownLoss(loss: Loss | null): Shown {
  const chain = (name: string, figures: Shown): Shown =>
    Object.fromEntries(Object.entries(figures).map(([key, value]) => [`loss-${name}.${key}`, value]));
  switch (loss?.kind) {
    case 'random':
      return chain('random', { loss: loss.share, correlation: loss.share > 0 ? loss.correlation : 0 });
    case 'gilbert-elliott':
      return chain('gemodel', { p: loss.p, r: loss.r, '1-h': 1 - loss.h, '1-k': 1 - loss.k });
    case 'four-state': {
      const { p13, p31, p32, p23, p14 } = loss;
      return chain('state', { p13, p31, p32, p23, p14 });
    }
    default:
      return {};
  }
}
