import { isDeepStrictEqual } from 'node:util';
import { ETHERNET_BYTES } from '../base/headers.js';
import { DecisionFlag, type Verdict } from '../runfolder/decision-log.js';
import { flipBit } from './chain/corrupt.js';
import { newOutcome } from './chain/lane.js';
import { stretched } from './chain/rate-queue.js';
import { TraceClock } from './chain/trace-clock.js';
import { type DirectionState, clearDirection } from './contract.js';
import { CUT_RULE, type DecisionRecorder } from './decision-recorder.js';
import type { HeldFrames } from './held-frames.js';
import type { LatenessHistogram } from './lateness.js';
import { EtherType, PacketView } from './packet/packet-view.js';
import { type Drop, DROP_COUNTERS, noFrames } from './wire-counters.js';
import { WireLane, type WireRule, rulesFor } from './wire-rules.js';

/** Where the frames of a direction go. */
export interface WireSink {
  /** Writes a frame to the far end; false if that can't take it. */
  deliver(frame: Buffer, length: number): boolean;
  /** Tells the sender that its packet was refused; false if it may not be answered. */
  reject(frame: Buffer, length: number): boolean;
}

/** What the directions of a loop share, and what a link's two directions do. */
export interface WireSurroundings {
  held: HeldFrames<WireLane>;
  seed: number;
  /** These two are of the link. */
  recorder: DecisionRecorder | null;
  lateness: LatenessHistogram;
}

/**
 * One direction of a link: takes each frame through the impairment that is meant for it, and holds those that wait. Knows
 * no descriptors and no clock.
 */
export class WireDirection {
  readonly counters = noFrames();
  private state: DirectionState = clearDirection;
  private rules: WireRule[] = [];
  private readonly otherwise: WireLane;
  private clock: TraceClock | null = null;
  private lanesMade = 0;
  private readonly packet = new PacketView();
  private readonly outcome = newOutcome();

  /** @param number 0 for a to b, 1 for b to a */
  constructor(
    private readonly surroundings: WireSurroundings,
    private readonly link: string,
    private readonly number: 0 | 1,
    private readonly sink: WireSink,
  ) {
    this.otherwise = new WireLane(this, this.nextKey(), -1, clearDirection.otherwise);
  }

  /**
   * Changes the state. Where a cut begins, the frames held are lost; otherwise they keep their due time, but for those
   * that wait in front of a rate that changes.
   */
  apply(state: DirectionState, nowMs: number): void {
    this.advance(nowMs);
    const before = this.state;
    this.state = state;
    this.rules = rulesFor(
      state.rules,
      this.rules,
      (rule, index) => new WireLane(this, this.nextKey(), index, rule.impairment),
    );
    const goesOn = isDeepStrictEqual(state.profile, before.profile);
    if (!goesOn || !isDeepStrictEqual(state.otherwise, before.otherwise))
      this.otherwise.restart(this.nextKey());
    if (!goesOn) {
      this.clock = state.profile?.kind === 'time' ? new TraceClock(state.profile, nowMs) : null;
      this.otherwise.replay(state.profile?.kind === 'packet' ? state.profile : null);
    }
    this.configure(nowMs);
    this.advance(nowMs);
    if (state.cut !== null && state.cut !== before.cut) this.dropHeld();
  }

  /** When the direction has to be looked after, though no frame is due: a rate changes that frames wait for. */
  get nextChangeMs(): number {
    return this.clock === null || this.otherwise.held === 0 ? Infinity : this.clock.nextChangeMs;
  }

  get hasClock(): boolean {
    return this.clock !== null;
  }

  /** Frames that each rule in force decided about. */
  get matched(): number[] {
    return this.rules.map(({ lane }) => lane.count);
  }

  /** Puts into force what the profile says by now. */
  advance(nowMs: number): void {
    const { clock } = this;
    if (clock === null) return;
    while (clock.nextChangeMs <= nowMs) {
      if (this.otherwise.held === 0) clock.skipTo(nowMs);
      const atMs = clock.nextChangeMs;
      clock.advance();
      this.configure(atMs);
    }
  }

  /** Decides about the frame in the spare slot: delivers, holds or drops it. */
  admit(frame: Buffer, length: number, nowMs: number): void {
    this.counters.received++;
    this.advance(nowMs);
    const { recorder, held } = this.surroundings;
    if (recorder !== null || this.rules.length > 0) this.packet.look(frame, length);
    const etherType = length < ETHERNET_BYTES ? 0 : frame.readUInt16BE(12);
    if (this.isCut(etherType)) {
      this.cut(frame, length, nowMs, etherType);
      return;
    }
    const lane = this.laneFor();
    lane.count++;
    // Straight through, unless a frame that is due already would be overtaken.
    if (lane.isClear && lane.held === 0 && held.firstDueMs > nowMs) {
      this.deliver(frame, length);
      this.record(nowMs, length, 'delivered', 0, lane.rule, 0);
      return;
    }
    this.impair(lane, length, nowMs, etherType === EtherType.ipv4);
  }

  /** Delivers a frame that was held, `lateMs` after it was due. */
  deliverHeld(frame: Buffer, length: number, lateMs: number): void {
    this.surroundings.lateness.add(lateMs);
    this.deliver(frame, length);
  }

  private deliver(frame: Buffer, length: number): void {
    if (this.sink.deliver(frame, length)) this.counters.delivered++;
    else this.counters.undeliverable++;
  }

  private impair(lane: WireLane, length: number, nowMs: number, isIpv4: boolean): void {
    const { outcome, counters } = this;
    const { held } = this.surroundings;
    lane.decide(isIpv4, length, nowMs, outcome);
    if (outcome.verdict !== 'go') {
      this.drop(outcome.verdict);
      this.record(nowMs, length, outcome.verdict, NaN, lane.rule, 0);
      return;
    }
    const goesThrough =
      outcome.dueMs <= nowMs && held.firstDueMs > nowMs && (outcome.atOnce || lane.held === 0);
    if (outcome.duplicated) {
      counters.duplicated++;
      if (Number.isNaN(outcome.copyDepartMs)) this.drop('queue-full');
      else if (!held.holdCopy(lane, length, outcome.copyDepartMs, outcome.copyDueMs)) this.drop('no-room');
    }
    // The copy is held as it came; the original is what gets corrupted.
    const original = held.spare;
    if (outcome.corrupted) {
      flipBit(original, length, lane.corruptBits(isIpv4));
      counters.corrupted++;
    }
    if (outcome.atOnce) counters.reordered++;
    const flags =
      (outcome.corrupted ? DecisionFlag.corrupted : 0) |
      (outcome.duplicated ? DecisionFlag.duplicated : 0) |
      (outcome.atOnce ? DecisionFlag.reordered : 0);
    let verdict: Verdict = 'delivered';
    if (goesThrough) this.deliver(original, length);
    else if (!held.hold(lane, length, outcome.departMs, outcome.dueMs)) {
      verdict = 'no-room';
      this.drop(verdict);
    }
    const delayMs = verdict === 'delivered' ? outcome.dueMs - nowMs : NaN;
    this.record(nowMs, length, verdict, delayMs, lane.rule, flags);
  }

  private laneFor(): WireLane {
    for (const rule of this.rules) if (rule.test(this.packet)) return rule.lane;
    return this.otherwise;
  }

  private isCut(etherType: number): boolean {
    const { cut } = this.state;
    return cut !== null && !(cut === 'reject' && etherType === EtherType.arp);
  }

  private cut(frame: Buffer, length: number, nowMs: number, etherType: number): void {
    const isRejected =
      this.state.cut === 'reject' && etherType === EtherType.ipv4 && this.sink.reject(frame, length);
    if (isRejected) this.counters.rejected++;
    else this.drop('cut');
    this.record(nowMs, length, isRejected ? 'rejected' : 'cut', NaN, CUT_RULE, 0);
  }

  private drop(why: Drop, count = 1): void {
    this.counters.dropped += count;
    this.counters[DROP_COUNTERS[why]] += count;
  }

  private dropHeld(): void {
    this.drop(
      'cut',
      this.surroundings.held.drop((lane) => lane.direction === this),
    );
    this.otherwise.clear();
    for (const { lane } of this.rules) lane.clear();
  }

  /** Gives `otherwise` what is in force, and what waits in front of its rate other times if that changes. */
  private configure(nowMs: number): void {
    const { otherwise } = this;
    const stretch = otherwise.configure(this.clock?.impairment ?? this.state.otherwise);
    if (stretch === 1) return;
    otherwise.queue.stretch(stretch, nowMs);
    if (otherwise.held === 0) return;
    otherwise.lastDueMs = this.surroundings.held.retime(otherwise, (departMs) =>
      stretched(departMs, stretch, nowMs),
    );
  }

  private record(
    nowMs: number,
    length: number,
    verdict: Verdict,
    delayMs: number,
    rule: number,
    flags: number,
  ): void {
    const { recorder } = this.surroundings;
    if (recorder === null) return;
    const n = this.counters.received;
    recorder.record(this.number, n, nowMs, length, verdict, delayMs, rule, flags, this.packet);
  }

  /** Names the streams of a lane, so that they follow from the seed and from the states that were set before. */
  private nextKey(): string {
    const way = this.number === 0 ? 'a-to-b' : 'b-to-a';
    return `${this.surroundings.seed}/${this.link}/${way}/${this.lanesMade++}`;
  }
}
