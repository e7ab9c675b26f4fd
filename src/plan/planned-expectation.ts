export type PhaseName = 'baseline' | 'fault' | 'converged' | 'recovery' | 'settled';

export interface Bound {
  operator: '<=' | '<' | '>=' | '>';
  /** In the unit of the measure: ms for times, 0–1 for shares, a plain number for counts. */
  value: number;
}

interface Scoped {
  /** `e1-time-to-ringback-p95` … unique in the scenario and stable. */
  id: string;
  /** Only calls whose INVITE falls into this phase; null for all. */
  phase: PhaseName | null;
  /** Only calls of this flow; null for all. */
  flow: string | null;
}

export type PlannedExpectation = Scoped &
  (
    | {
        kind: 'time-to-ringback' | 'time-to-audible-ringback' | 'time-to-answer';
        statistic: 'p50' | 'p95' | 'max';
        bound: Bound;
      }
    | { kind: 'one-way-audio' | 'dead-air'; /** Calls that may have it. */ bound: Bound }
    /** Calls that came to their callee with another number than was sent. */
    | { kind: 'caller-id-lost' | 'number-lost'; bound: Bound }
    | { kind: 'codec-mismatch'; bound: Bound }
    /** Final responses that callers may get; the bound is of calls that got another. */
    | { kind: 'response-codes'; only: number[]; bound: Bound }
    /** Mean over answered calls of the worse ear's heard share. */
    | { kind: 'heard-share'; bound: Bound }
    /** Longest time for which a side of an answered call was not heard. */
    | { kind: 'hole-in-call'; statistic: 'p95' | 'max'; bound: Bound }
    /** RTP that came too late for the jitter buffer, over all that came. */
    | { kind: 'late-packets'; bound: Bound }
    /** MOS at each ear; `p5`: of all but the worst twentieth. */
    | { kind: 'quality'; statistic: 'p5' | 'min'; bound: Bound }
    /** Between the MOS at an ear and the E-model's for what the emulator was told to lose. */
    | { kind: 'quality-off-model'; statistic: 'mean' | 'max'; bound: Bound }
    /** Answered calls over attempts. */
    | { kind: 'answered-share'; bound: Bound }
    /** Share of answered calls that went by the primary, or by any other trunk. */
    | { kind: 'trunk-share'; trunk: 'primary' | 'backup'; bound: Bound }
    | { kind: 'failback'; statistic: 'excess-transitions' | 'premature-calls' | 'settle-time'; bound: Bound }
    /** Share of answered calls all of whose media went by the primary line, or none of it. */
    | { kind: 'line-share'; line: 'primary' | 'backup'; bound: Bound }
    /** Of the site's lines: moves too many; first fault of the primary → calls keep off it; its last heal → they are back on it. */
    | { kind: 'line-failover'; statistic: 'excess-transitions' | 'away-time' | 'home-time'; bound: Bound }
    /** First fault → first call from which on every one was answered and heard by both sides. */
    | { kind: 'restored'; bound: Bound }
    /** Calls whose digits the far end read, over those that were picked up. */
    | { kind: 'digits-read'; bound: Bound }
    /** Until every phone is registered: from its first REGISTER, or from the last heal. */
    | { kind: 'registered'; bound: Bound }
    /** First fault applied → first call in a row of 5 that succeed by a live trunk without a try of the dead one. */
    | { kind: 'detection-time'; bound: Bound }
    /**
     * A node with a shared address loses its power: until another is seen to send from it, or the share of calls that were up
     * whose sides heard each other again within `withinMs` and to the end.
     */
    | { kind: 'takeover'; statistic: 'time' | 'calls-kept'; bound: Bound; withinMs: number }
    /** Power cut → first call through the node that both sides heard; the longest of all power cycles. */
    | { kind: 'back-in-service'; bound: Bound }
  );
