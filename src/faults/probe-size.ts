import type { DirectionState } from '../emulator/contract.js';
import type { Impairment } from '../plan/impairment.js';
import { LONGEST_JITTER } from '../plan/jitter.js';
import { expectedShare } from '../plan/long-run.js';
import { hasMemory } from './correlation-figures.js';
import { expectedMissing, expectedReorder } from './expected.js';

/** How many probes, how far apart, and how long arrivals are awaited after the last. */
export interface ProbeSize {
  count: number;
  spacingMs: number;
  graceMs: number;
  /** So many are sent one right after the other, and then none until it's the next ones' turn. */
  train: number;
  /** Never closer together than this, ms; 1 if it doesn't say. */
  closestMs?: number;
}

/** A cut or a clear link shows itself at once; a share takes so many packets that one of none is told apart. */
const CERTAIN = 10;
const STATISTICAL = 300;
/** 10 / p packets lose none with a chance of e^−10. */
const HITS = 10;
const MOST = 4000;
/** What depends on what came before takes more: of so many that met it, the ones after them. */
const HITS_WITH_MEMORY = 80;
const MOST_WITH_MEMORY = 2000;
/** In turn: one that a pattern's length has no divisor in common with, so that all of the pattern is met. */
const TRAINS_OF = [4, 5, 7, 9, 11];
/** Behind a rate, so that the queue isn't the probes'. */
const SHORT_TRAIN = 2;
/** Probes that are to show how delays depend on one another stand apart, or the order hides it. */
const MOST_APART_MS = 20;
const PROBES_PER_SLOT = 4;
/** Where a slot takes so many packets only, a train fills several, and then there's time to empty them. */
const SLOTS_PER_TRAIN = 3;
const LONGEST_TRAIN = 60;
const TRAINS = 8;
const GRACE_MS = 400;
const LONGEST_GRACE_MS = 4000;
const PROBE_FRAME_BITS = 70 * 8;
/** Probes take at most this share of a rate. */
export const RATE_SHARE = 0.1;

/** The size that it takes to tell all that a direction was asked for. */
export function sizeFor(state: DirectionState): ProbeSize {
  const impairments = [
    ...state.rules.map(({ impairment }) => impairment),
    ...(state.profile?.kind === 'time'
      ? state.profile.steps.map(({ impairment }) => impairment)
      : [state.otherwise]),
  ];
  if (state.cut !== null) return { count: CERTAIN, spacingMs: 10, graceMs: GRACE_MS, train: 1 };
  const sizes = impairments.map(sizeOf);
  return {
    count: Math.max(state.profile ? STATISTICAL : CERTAIN, ...sizes.map(({ count }) => count)),
    spacingMs: Math.max(...sizes.map(({ spacingMs }) => spacingMs)),
    graceMs: Math.max(...sizes.map(({ graceMs }) => graceMs)),
    train: Math.max(...sizes.map(({ train }) => train)),
    closestMs: Math.max(...sizes.map(({ closestMs }) => closestMs ?? 1)),
  };
}

function sizeOf(impairment: Impairment): ProbeSize {
  const { delay, duplicate, reorder, rate, slot } = impairment;
  const full = slot && slot.packets !== null ? fullSlots(slot.maxMs, slot.packets) : null;
  const missing = expectedMissing(impairment).share;
  const shares = [
    missing === 1 ? 0 : Math.min(missing, 1 - missing),
    duplicate ? expectedShare(duplicate) : 0,
    reorder ? expectedReorder(reorder) : 0,
  ].filter((share) => share > 0);
  const memory = hasMemory(impairment);
  const statistical = shares.length > 0 || (slot !== null && !full) || (delay !== null && delay.jitterMs > 0);
  const count = Math.max(
    statistical ? STATISTICAL : CERTAIN,
    ...shares.map((share) => Math.min(MOST, Math.ceil(HITS / share))),
    ...(memory ? shares : []).map((share) => Math.ceil(Math.min(MOST_WITH_MEMORY, HITS_WITH_MEMORY / share))),
    full?.count ?? 0,
  );
  const spacingMs = rate ? Math.min(50, (PROBE_FRAME_BITS * 1000) / (rate.bitsPerS * RATE_SHARE)) : 0;
  const heldMs =
    (delay ? delay.ms + LONGEST_JITTER * delay.jitterMs : 0) +
    (slot?.maxMs ?? 0) * (full ? 1 + SLOTS_PER_TRAIN : 1);
  const queuedMs = rate ? (rate.limitMs ?? LONGEST_GRACE_MS) : 0;
  const usualMs = count > STATISTICAL ? 2 : count > CERTAIN ? 5 : 10;
  const apartMs = delay && delay.correlation > 0 ? Math.min(MOST_APART_MS, delay.jitterMs) : 0;
  const slotMs = slot && slot.minMs > 0 ? Math.max(1, slot.minMs / PROBES_PER_SLOT) : Infinity;
  return {
    count:
      rate || full ? Math.min(count, Math.ceil(4000 / Math.max(spacingMs, full?.spacingMs ?? 0))) : count,
    spacingMs: full?.spacingMs ?? Math.max(spacingMs, Math.min(slotMs, Math.max(usualMs, apartMs))),
    train: full?.train ?? (memory ? trainOf(impairment) : 1),
    ...(full ? { closestMs: full.spacingMs } : {}),
    graceMs: Math.min(LONGEST_GRACE_MS, GRACE_MS + heldMs + queuedMs),
  };
}

function trainOf({ loss, rate }: Impairment): number {
  if (rate) return SHORT_TRAIN;
  const [usual = 1] = TRAINS_OF;
  if (loss?.kind !== 'pattern') return usual;
  const { length } = loss.lose;
  return TRAINS_OF.find((train) => divisor(train, length) === 1) ?? usual;
}

/** The greatest common one (Euclid). */
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Half of what slots can take, so that the queue before them empties again. */
function fullSlots(maxMs: number, packets: number): Omit<ProbeSize, 'graceMs'> {
  const train = SLOTS_PER_TRAIN * packets;
  const spacingMs = Math.max(1, (2 * maxMs) / packets);
  return train > LONGEST_TRAIN
    ? { train: 1, spacingMs, count: STATISTICAL }
    : { train, spacingMs, count: TRAINS * train };
}

/** As much of it as there is time for: closer together first, then fewer. */
export function fitted(size: ProbeSize, availableMs: number): ProbeSize {
  const graceMs = Math.min(size.graceMs, Math.max(availableMs / 2, 50));
  const sendingMs = Math.max(0, availableMs - graceMs);
  const spacingMs = Math.min(size.spacingMs, Math.max(size.closestMs ?? 1, sendingMs / size.count));
  const count = Math.max(1, Math.min(size.count, Math.floor(sendingMs / spacingMs)));
  return { ...size, count, spacingMs, graceMs };
}

/** How long a series of this size takes at most. */
export const durationOf = ({ count, spacingMs, graceMs }: Omit<ProbeSize, 'train'>): number =>
  count * spacingMs + graceMs;

/** When a probe is to be sent, ms from the first. */
export const dueMs = (number: number, { spacingMs, train }: ProbeSize): number =>
  (number - (number % train)) * spacingMs;
