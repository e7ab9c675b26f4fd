import { stepsOf } from '../faults/steps.js';
import type { Plan } from '../plan/types.js';
import type { RunStanding, Upcoming } from '../report/live-words.js';
import { wavesOf } from './places.js';

/** Of a plan, all that its own future hangs on. */
type Timed = Pick<Plan, 'id' | 'trafficMs' | 'calls' | 'faults'>;

/**
 * What a plan says of the rest of a scenario, `atMs` on its axis. The last calls may end later than planned, where they are answered
 * late, or earlier; how long the lab takes to end and to be judged isn't known.
 */
export function upcoming(plan: Timed, atMs: number): Upcoming {
  const next = stepsOf(plan.faults).find((step) => step.atMs > atMs);
  return {
    next: next
      ? { what: next.what, fault: `${next.fault.kind} ${next.fault.target}`, inMs: next.atMs - atMs }
      : null,
    leftMs: Math.max(0, callsEndMs(plan) - atMs),
  };
}

/** When the last call ends, by the plan. */
const callsEndMs = ({ trafficMs, calls }: Timed): number =>
  calls.reduce((endMs, { atMs, holdMs }) => Math.max(endMs, atMs + holdMs), trafficMs);

/** A scenario of a run: how many places its lab takes. */
interface Weighed {
  plan: Timed;
  weight: number;
}

/** Where a whole run stands, as its labs come and go. Times are ms on one clock. */
export class RunOutlook {
  private readonly waiting: Weighed[];
  /** Their labs start (null), or have had calls since. */
  private readonly running = new Map<Timed, number | null>();
  private readonly judging = new Set<Timed>();
  private done = 0;

  /**
   * @param labs in the order in which they are served
   * @param places as `Places` has them
   */
  constructor(
    private readonly labs: readonly Weighed[],
    private readonly places: number,
  ) {
    this.waiting = [...labs];
  }

  entered(plan: Timed): void {
    const at = this.waiting.findIndex((lab) => lab.plan === plan);
    if (at >= 0) this.waiting.splice(at, 1);
    this.running.set(plan, null);
  }

  callsBegin(plan: Timed, nowMs: number): void {
    this.running.set(plan, nowMs);
  }

  labEnded(plan: Timed): void {
    this.running.delete(plan);
    this.judging.add(plan);
  }

  /** It could not be trusted and waits for another turn. */
  again(plan: Timed): void {
    this.judging.delete(plan);
    this.waiting.push(...this.labs.filter((lab) => lab.plan === plan));
  }

  judged(plan: Timed): void {
    this.judging.delete(plan);
    this.done++;
  }

  /** `atLeastMs` is of calls alone: labs that start or end and scenarios that are judged come on top. */
  at(nowMs: number): RunStanding {
    const waves = wavesOf(this.waiting, this.places);
    const running = [...this.running].map(([plan, sinceMs]) =>
      Math.max(0, callsEndMs(plan) - (sinceMs === null ? 0 : nowMs - sinceMs)),
    );
    const longest = waves.map((wave) => Math.max(...wave.map(({ plan }) => callsEndMs(plan))));
    return {
      scenarios: this.labs.length,
      done: this.done,
      running: this.running.size,
      judging: this.judging.size,
      wavesToCome: waves.length,
      atLeastMs: Math.max(0, ...running) + longest.reduce((sum, ms) => sum + ms, 0),
    };
  }
}
