import type { DecisionsOf } from '../evidence/decisions.js';
import type { PlannedFault } from '../plan/planned-fault.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';
import { decisionsName } from '../runfolder/layout.js';
import type { Decision } from '../runfolder/decision-log.js';
import { CourseCheck } from './course-check.js';
import { problem, type Problem } from './problems.js';
import type { AppliedFault, Truth } from './truth.js';
import type { DecisionMeasure } from './types.js';

/** Of the rules, those of a fault with `only`; −1 is for all other packets, −2 for a cut. */
const OTHERWISE = -1;
const CUT = -2;

/** What the log of a link says of its faults, and where it contradicts a course that was to be replayed. */
export interface DecisionMeasures {
  /** By fault; none for one whose packets can't be told from another's, or without a log. */
  byFault: ReadonlyMap<string, DecisionMeasure[]>;
  problems: Problem[];
}

/** Reads each log once, whatever its length. */
export async function measureDecisions(
  plan: Plan,
  truth: Truth,
  decisionsOf: DecisionsOf,
): Promise<DecisionMeasures> {
  const byFault = new Map<string, DecisionMeasure[]>();
  const problems: Problem[] = [];
  for (const link of plan.lab.links.filter(({ impaired }) => impaired)) {
    const decisions = decisionsOf(link.name);
    if (!decisions) continue;
    const tallies = truth.faults
      .filter(({ fault }) => fault.target === link.name)
      .flatMap((applied) => talliesOf(applied, link, truth));
    for await (const decision of decisions) for (const tally of tallies) tally.take(decision);
    for (const tally of tallies) {
      byFault.set(tally.fault.id, [...(byFault.get(tally.fault.id) ?? []), tally.measure()]);
      const why = tally.course?.contradiction() ?? null;
      if (why !== null)
        problems.push(
          problem(
            'FAULT_NOT_PROVEN',
            `${tally.fault.id} on ${link.name}: the emulator's own log contradicts its course from ${tally.from}: ${why}`,
            decisionsName(link.name),
            tally.applied.fromMs,
          ),
        );
    }
  }
  return { byFault, problems };
}

function talliesOf(applied: AppliedFault, link: PlannedLink, truth: Truth): Tally[] {
  const { fault } = applied;
  const hasRule = 'only' in fault && fault.only !== null;
  const others = truth.faults.filter((other) => other !== applied && overlaps(other, applied));
  // Rules are numbered anew with each change, so that two faults with `only` can't be told apart.
  if (hasRule && others.some((other) => 'only' in other.fault && other.fault.only !== null)) return [];
  return [link.a.node, link.b.node].flatMap((from, direction) =>
    concerns(fault, from) ? [new Tally(applied, from, direction === 0 ? 'a-to-b' : 'b-to-a', hasRule)] : [],
  );
}

const overlaps = (one: AppliedFault, other: AppliedFault): boolean =>
  one.fault.target === other.fault.target && one.fromMs < other.toMs && other.fromMs < one.toMs;

function concerns(fault: PlannedFault, from: string): boolean {
  if (fault.kind === 'replay') return fault.directions.some((one) => one.from === from);
  return !('from' in fault) || fault.from === null || fault.from === from;
}

/** Decisions about the packets that a fault was for, one way. */
class Tally {
  readonly fault: PlannedFault;
  readonly course: CourseCheck | null;
  private readonly delays: number[] = [];
  private readonly counts = {
    frames: 0,
    lost: 0,
    cut: 0,
    refused: 0,
    queueFull: 0,
    tooLong: 0,
    unrecorded: 0,
  };

  constructor(
    readonly applied: AppliedFault,
    readonly from: string,
    private readonly direction: Decision['direction'],
    private readonly hasRule: boolean,
  ) {
    this.fault = applied.fault;
    const trace =
      this.fault.kind === 'replay'
        ? this.fault.directions.find((one) => one.from === from)?.trace
        : undefined;
    this.course = trace ? new CourseCheck(trace, applied.fromMs) : null;
  }

  take(decision: Decision): void {
    const { direction, atMs, verdict, delayMs, n } = decision;
    const { fromMs, toMs } = this.applied;
    if (direction !== this.direction || atMs < fromMs || atMs >= toMs) return;
    const { counts } = this;
    if (verdict === 'unrecorded') {
      counts.unrecorded += n;
      this.course?.giveUp();
      return;
    }
    if (!this.isMine(decision.rule)) return;
    counts.frames++;
    if (verdict === 'lost') counts.lost++;
    if (verdict === 'cut') counts.cut++;
    if (verdict === 'rejected') counts.refused++;
    if (verdict === 'queue-full') counts.queueFull++;
    if (verdict === 'too-long') counts.tooLong++;
    if (delayMs !== null) this.delays.push(delayMs);
    this.course?.take(decision);
  }

  measure(): DecisionMeasure {
    const sorted = Float64Array.from(this.delays).sort();
    return { from: this.from, ...this.counts, delayMs: sorted[Math.floor(sorted.length / 2)] ?? null };
  }

  private isMine(rule: number): boolean {
    if (this.fault.kind === 'cut') return rule === CUT;
    return this.hasRule ? rule >= 0 : rule === OTHERWISE;
  }
}
