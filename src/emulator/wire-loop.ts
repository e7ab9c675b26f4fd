import { tryRead } from '../base/linux/descriptors.js';
import { EpollSet } from '../base/linux/epoll-set.js';
import type { LinkSpec, LinkState } from './contract.js';
import type { DecisionRecorder } from './decision-recorder.js';
import { HeldFrames } from './held-frames.js';
import { WireLink, type WirePath } from './wire-link.js';
import type { WireLane } from './wire-rules.js';

/** The most frames held at once over all links: 600 ms of 100,000 packets a second, in up to 128 MB. */
const MOST_FRAMES = 65_536;
/** Frames read from one interface before the others, and what is due, have their turn. */
const BATCH_FRAMES = 32;
const WAKE_TOKEN = 0xffff_ffff;

/**
 * Carries the frames of all links: waits for a frame, a due time or a wake-up, and does what they ask for. Nothing is
 * allocated per frame (except for a rejection's answer), and with nothing to carry it sleeps in the kernel.
 */
export class WireLoop {
  private readonly held = new HeldFrames<WireLane>(MOST_FRAMES);
  private readonly polled = new EpollSet();
  /** By the token of the interface that they read from; null for one that is gone. */
  private readonly paths: (WirePath | null)[] = [];
  private readonly links = new Map<string, WireLink>();
  /** What has times of its own to look after. */
  private readonly recorders: DecisionRecorder[] = [];
  private timed: WirePath[] = [];

  constructor(
    private readonly seed: number,
    private readonly wakeFd: number,
    private readonly onInterfaceGone: (path: WirePath) => void,
  ) {
    this.polled.add(wakeFd, WAKE_TOKEN);
  }

  /** Makes a link; returns the descriptors of its two interfaces. */
  connect(spec: LinkSpec, recorder: DecisionRecorder | null): number[] {
    if (this.links.has(spec.name)) throw new Error(`there is a link ${spec.name} already`);
    const link = new WireLink(spec, this.held, this.seed, recorder);
    this.links.set(spec.name, link);
    if (recorder) this.recorders.push(recorder);
    for (const path of [link.aToB, link.bToA]) this.polled.add(path.from.fd, this.paths.push(path) - 1);
    return [link.aToB.from.fd, link.bToA.from.fd];
  }

  set(name: string, state: LinkState): void {
    this.link(name).apply(state, performance.now());
    this.timed = this.paths.filter((path) => path !== null && path.direction.hasClock) as WirePath[];
  }

  link(name: string): WireLink {
    const link = this.links.get(name);
    if (!link) throw new Error(`there is no link ${name}`);
    return link;
  }

  /** Carries frames; `onWake` is called after each signal on wakeFd, and ends the loop by returning false. */
  run(onWake: () => boolean): void {
    const wakeCount = new Uint8Array(8);
    for (;;) {
      const nextMs = this.lookAfter();
      const ready = this.polled.wait(nextMs === Infinity ? null : nextMs - performance.now());
      for (let index = 0; index < ready; index++) {
        const token = this.polled.tokenAt(index);
        if (token === WAKE_TOKEN) {
          tryRead(this.wakeFd, wakeCount);
          if (!onWake()) return;
          continue;
        }
        const path = this.paths[token];
        if (!path) continue;
        if (this.polled.isBrokenAt(index)) this.abandon(token, path);
        else this.receive(path);
      }
    }
  }

  close(): void {
    for (const recorder of this.recorders) recorder.flush();
    for (const link of this.links.values()) link.close();
    this.links.clear();
    this.polled[Symbol.dispose]();
  }

  private receive({ from, direction }: WirePath): void {
    for (let count = 0; count < BATCH_FRAMES; count++) {
      const frame = this.held.spare;
      const length = tryRead(from.fd, frame);
      if (length < 0) return; // nothing more; or broken, and then the next wait says so
      direction.admit(frame, length, performance.now());
    }
  }

  /** Does all that is due; returns when something will be next, Infinity if nothing waits. */
  private lookAfter(): number {
    let nextMs = Infinity;
    for (const { direction } of this.timed) {
      direction.advance(performance.now());
      nextMs = Math.min(nextMs, direction.nextChangeMs);
    }
    for (const recorder of this.recorders) {
      if (recorder.flushDueMs <= performance.now()) recorder.flush();
      nextMs = Math.min(nextMs, recorder.flushDueMs);
    }
    return Math.min(nextMs, this.deliverDue());
  }

  /** Writes every frame that is due; returns when the next one will be. */
  private deliverDue(): number {
    const { held } = this;
    for (;;) {
      const dueMs = held.firstDueMs;
      if (dueMs === Infinity) return Infinity;
      const nowMs = performance.now();
      if (dueMs > nowMs) return dueMs;
      held.firstOwner.direction.deliverHeld(held.firstFrame, held.firstLength, nowMs - dueMs);
      held.release();
    }
  }

  /** Stops reading from an interface that somebody else took away. */
  private abandon(token: number, path: WirePath): void {
    this.paths[token] = null;
    this.polled.remove(path.from.fd);
    this.onInterfaceGone(path);
  }
}
