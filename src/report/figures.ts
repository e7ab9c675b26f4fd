import type { CallMeasure } from '../measures/types.js';
import { worseEar } from '../verdict/heard-in-phase.js';
import type { ScenarioResult } from '../verdict/types.js';

/** The figures that stand under the scorecard's axes. Times in ms, shares 0–1; null if there was nothing to measure. */
export interface Figures {
  placed: number;
  answered: number;
  failed: number;
  /** 95th percentile of INVITE → ringback signalled; Infinity if more than 5 % of the calls never rang. */
  ringbackP95Ms: number | null;
  ringbackWorstMs: number | null;
  neverRang: number;
  /** Mean over answered calls of the worse ear. */
  heardShare: number | null;
  oneWay: number;
  deadAir: number;
  /** Of the site's lines, where it has a choice of them; else of trunks. */
  transitions: number;
  expectedTransitions: number;
  excess: number;
}

export function figuresOf({
  calls,
  failover,
  lines,
}: Pick<ScenarioResult, 'calls' | 'failover' | 'lines'>): Figures {
  const moves = lines ?? failover;
  const placed = calls.filter((call) => call.inviteAt !== null);
  const ringback = placed.map(timeToRingback).sort((a, b) => a - b);
  const heard = placed.flatMap((call) => worseEar(call) ?? []);
  return {
    placed: placed.length,
    answered: placed.filter((call) => call.answeredAt !== null).length,
    failed: placed.filter(hasFailed).length,
    ringbackP95Ms: ringback[Math.ceil(ringback.length * 0.95) - 1] ?? null,
    ringbackWorstMs: ringback.at(-1) ?? null,
    neverRang: ringback.filter((ms) => ms === Infinity).length,
    heardShare: heard.length === 0 ? null : heard.reduce((sum, share) => sum + share, 0) / heard.length,
    oneWay: placed.filter((call) => call.oneWay).length,
    deadAir: placed.filter((call) => call.deadAir).length,
    transitions: moves.transitions.length,
    expectedTransitions: moves.expectedTransitions,
    excess: moves.excessTransitions,
  };
}

/** A call that was refused, or that was given up without an answer. */
export const hasFailed = (call: CallMeasure): boolean => call.inviteAt !== null && call.answeredAt === null;

/** INVITE → ringback signalled; Infinity if it never was. */
function timeToRingback(call: CallMeasure): number {
  return call.ringbackAt === null || call.inviteAt === null ? Infinity : call.ringbackAt - call.inviteAt;
}
