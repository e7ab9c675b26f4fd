import type { Plan } from '../plan/types.js';
import { trunkLinks } from './path.js';
import type { CallMeasure } from './types.js';
import { isDown, type Truth } from './truth.js';

/** Successive calls that make a state of affairs believable (docs/measures.md §4). */
export const ROW = 5;

export type PlacedCall = CallMeasure & { inviteAt: number };

const isPlaced = (call: CallMeasure): call is PlacedCall => call.inviteAt !== null;

/** Calls for which a trunk had to be chosen: outbound and really placed, in set-up order. */
export const routedCalls = (calls: readonly CallMeasure[]): PlacedCall[] =>
  calls
    .filter(isPlaced)
    .filter(({ direction }) => direction === 'outbound')
    .sort((a, b) => a.inviteAt - b.inviteAt);

export const placedBetween = (calls: readonly PlacedCall[], fromMs: number, toMs: number): PlacedCall[] =>
  calls.filter(({ inviteAt }) => inviteAt >= fromMs && inviteAt < toMs);

/** The call that begins the first row of ROW successive calls for which `holds` is true; null for no such row. */
export function firstOfRow(
  calls: readonly PlacedCall[],
  holds: (call: PlacedCall) => boolean,
): PlacedCall | null {
  let length = 0;
  for (const [index, call] of calls.entries()) {
    length = holds(call) ? length + 1 : 0;
    if (length === ROW) return calls[index - ROW + 1] ?? null;
  }
  return null;
}

/** Share of the SBC's time-out for one trunk from which a wait was one (own). */
const WAITED = 0.9;

/**
 * The call waited for so long before its first trunk was tried that another must have been tried before: one whose cable
 * has no carrier, so that no capture shows the INVITE. False where no fault takes that, and where the lab doesn't say how long
 * the SBC waits: it waits for the DNS, too.
 */
export function hesitated(plan: Plan, { attempts: [first], inviteAt }: PlacedCall): boolean {
  const timeoutMs = plan.lab.values['invite-timeout-ms'];
  if (first === undefined || typeof timeoutMs !== 'number' || !losesCarrier(plan)) return false;
  return first.atMs - inviteAt >= WAITED * timeoutMs;
}

/** A fault takes the carrier from a cable by which the node that chooses trunks sends calls out. */
function losesCarrier(plan: Plan): boolean {
  const own = plan.lab.trunks.flatMap((trunk) => trunkLinks(plan, trunk).slice(0, 1));
  const far = new Set(
    plan.lab.links.filter(({ name }) => own.includes(name)).flatMap(({ a, b }) => [a.node, b.node]),
  );
  return plan.faults.some(
    (fault) =>
      (fault.kind === 'cut' && fault.mode === 'carrier-down' && own.includes(fault.target)) ||
      (fault.kind === 'power' && far.has(fault.target)),
  );
}

/** Answered by a trunk that lived, and no dead one was tried on the way. */
export const avoidedTheDead =
  (plan: Plan, truth: Truth) =>
  (call: PlacedCall): boolean =>
    answeredByTheLiving(truth, call) && !hesitated(plan, call);

const answeredByTheLiving = (truth: Truth, { answeredAt, trunk, attempts, inviteAt }: PlacedCall): boolean =>
  answeredAt !== null &&
  trunk !== null &&
  !isDown(truth, trunk, inviteAt) &&
  attempts.every((attempt) => !isDown(truth, attempt.trunk, attempt.atMs));

/** Answered by this trunk, at the first try. */
export const wentStraightTo =
  (trunk: string) =>
  (call: PlacedCall): boolean =>
    call.answeredAt !== null && call.trunk === trunk && call.attempts.every((tried) => tried.trunk === trunk);
