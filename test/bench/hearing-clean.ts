import { labelledCall } from './hearing-calls.js';
import { CODECS } from './hearing-cells.js';
import { scoreOf } from './hearing-score.js';

/** The check on false alarms: so many calls of a minute each, ten hours, without loss. */
export const CLEAN_CALLS = 600;
const LASTS_MS = 60_000;

/** Whether clean call number `n` was taken for one-way, or for dead air, at any time. */
export async function isFalselyOneWay(n: number, seed: number): Promise<boolean> {
  const cell = {
    condition: 'both fine',
    codec: CODECS[n % CODECS.length]!,
    loss: { share: 0, pattern: 'random' },
    jitterMs: n % 2 === 0 ? 0 : 30,
    bufferMs: 50,
  } as const;
  const { oneWay, deadAir } = await scoreOf(n, labelledCall(cell, seed + 5_000_000 + n, LASTS_MS));
  return oneWay.heard !== false || deadAir.heard !== false;
}
