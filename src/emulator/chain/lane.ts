import { ETHERNET_BYTES } from '../../base/headers.js';
import type { Impairment } from '../../plan/impairment.js';
import type { PacketTrace } from '../../plan/traces/types.js';
import type { FrameOwner } from '../held-frames.js';
import { type RandomStream, randomStream } from '../random.js';
import { Draws, type Draw } from './draws.js';
import { RateQueue } from './rate-queue.js';
import { Slots } from './slots.js';

/** What becomes of a frame, and of its copy if it has one. One object is filled again for each frame. */
export interface Outcome extends Draw {
  verdict: 'go' | 'lost' | 'too-long' | 'queue-full';
  /** When it has left the queue in front of the rate. */
  departMs: number;
  dueMs: number;
  /** NaN: there's no copy, or no room for it in the queue. */
  copyDepartMs: number;
  copyDueMs: number;
}

/** An outcome to be filled. */
export const newOutcome = (): Outcome => ({
  verdict: 'go',
  lost: false,
  duplicated: false,
  corrupted: false,
  atOnce: false,
  delayMs: 0,
  copyDelayMs: 0,
  departMs: 0,
  dueMs: 0,
  copyDepartMs: NaN,
  copyDueMs: NaN,
});

/**
 * Where the packets of one impairment go: decides about each and keeps them in order. Knows no frames: a packet is its
 * length and the time. IPv4 draws apart from the rest, so that the n-th IPv4 packet meets the same numbers in every run
 * with the same seed, however much ARP and IPv6 the kernels chatter.
 */
export class Lane implements FrameOwner {
  held = 0;
  /** Packets it decided about. */
  count = 0;
  /** When the last of those that keep order is due. */
  lastDueMs = -Infinity;
  isClear = false;
  readonly queue = new RateQueue();
  private ipv4!: Draws;
  private others!: Draws;
  private slots!: Slots;
  private impairment!: Impairment;
  private trace: PacketTrace | null = null;
  private place = 0;

  /**
   * @param key all that its decisions follow from, but the traffic
   * @param rule its place among the rules, −1 for `otherwise`
   */
  constructor(
    key: string,
    public rule: number,
    impairment: Impairment,
  ) {
    this.restart(key);
    this.configure(impairment);
  }

  /** Begins anew what is random; what is queued and the order stay. */
  restart(key: string): void {
    this.ipv4 = new Draws(`${key}/ipv4`);
    this.others = new Draws(`${key}/others`);
    this.slots = new Slots(randomStream(`${key}/slots`));
  }

  /**
   * From now on it's this impairment. Returns how many times as long as before what waits in front of the rate takes:
   * 1 for no change, 0 if there's no rate any more.
   */
  configure(impairment: Impairment): number {
    const before = (this.impairment as Impairment | undefined)?.rate;
    this.impairment = impairment;
    this.isClear = this.trace === null && Object.values(impairment).every((value) => value === null);
    if (!before) return 1;
    return impairment.rate === null ? 0 : before.bitsPerS / impairment.rate.bitsPerS;
  }

  /** IPv4 packets take its records, from the first on, instead of the impairment's delay and loss. */
  replay(trace: PacketTrace | null): void {
    this.trace = trace;
    this.place = 0;
    this.configure(this.impairment);
  }

  decide(isIpv4: boolean, frameBytes: number, nowMs: number, outcome: Outcome): void {
    const { impairment } = this;
    const { rate, mtuBytes } = impairment;
    (isIpv4 ? this.ipv4 : this.others).next(impairment, outcome);
    if (isIpv4 && this.trace !== null) this.take(this.trace, outcome);
    outcome.copyDepartMs = outcome.copyDueMs = NaN;
    if (mtuBytes !== null && frameBytes - ETHERNET_BYTES > mtuBytes) {
      outcome.verdict = 'too-long';
      return;
    }
    // As in netem: of a packet that is both lost and duplicated, one remains.
    if (outcome.lost && !outcome.duplicated) {
      outcome.verdict = 'lost';
      return;
    }
    const departMs = rate === null ? nowMs : this.queue.enter(rate, frameBytes, nowMs);
    outcome.verdict = Number.isNaN(departMs) ? 'queue-full' : 'go';
    outcome.departMs = departMs;
    outcome.dueMs = outcome.atOnce ? departMs : this.inOrder(departMs + outcome.delayMs);
    if (outcome.lost) outcome.duplicated = false;
    if (!outcome.duplicated || outcome.verdict !== 'go') return;
    outcome.copyDepartMs = rate === null ? nowMs : this.queue.enter(rate, frameBytes, nowMs);
    if (Number.isNaN(outcome.copyDepartMs)) return;
    outcome.copyDueMs = this.inOrder(outcome.copyDepartMs + outcome.copyDelayMs);
  }

  /** Where the bit to be flipped is drawn from. */
  corruptBits(isIpv4: boolean): RandomStream {
    return (isIpv4 ? this.ipv4 : this.others).corruptBits;
  }

  /** Forgets what is queued, because it's dropped. */
  clear(): void {
    this.queue.clear();
    this.lastDueMs = -Infinity;
  }

  /** Never before the packet in front of it: jitter must not reorder. */
  private inOrder(readyMs: number): number {
    if (Number.isNaN(readyMs)) return readyMs;
    const { slot } = this.impairment;
    const inOrderMs = Math.max(readyMs, this.lastDueMs);
    this.lastDueMs = slot === null ? inOrderMs : this.slots.release(slot, inOrderMs);
    return this.lastDueMs;
  }

  private take({ delaysMs, end }: PacketTrace, outcome: Outcome): void {
    if (this.place === delaysMs.length) {
      if (end === 'stop') return;
      this.place = end === 'loop' ? 0 : delaysMs.length - 1;
    }
    const delayMs = delaysMs[this.place++]!;
    outcome.lost = delayMs === null;
    outcome.delayMs = outcome.copyDelayMs = delayMs ?? 0;
  }
}
