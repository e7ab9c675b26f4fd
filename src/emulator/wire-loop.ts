import { tryRead, tryWrite } from '../base/linux/descriptors.js';
import { errnoOf } from '../base/linux/libc.js';
import { PollSet } from '../base/linux/poll-set.js';
import type { LinkSpec } from './contract.js';
import { FramePool } from './frame-pool.js';
import { buildRejection } from './reject.js';
import { Fate } from './wire-direction.js';
import { WireLink, type WirePath } from './wire-link.js';

/** The most frames held at once over all links: 200 ms of 40,000 packets a second, in 16 MB. */
const POOL_FRAMES = 8192;
/** Frames read from one interface before the others, and what is due, have their turn. */
const BATCH_FRAMES = 32;
const EAGAIN = errnoOf('EAGAIN');

/**
 * Carries the frames of all links: waits for a frame, a due time or a wake-up, and does what they ask for. Nothing is
 * allocated per frame (except for a rejection's answer), and with nothing to carry it sleeps in the kernel.
 */
export class WireLoop {
  private readonly pool = new FramePool(POOL_FRAMES);
  private readonly polled = new PollSet();
  private readonly paths: { path: WirePath; index: number }[] = [];
  private readonly links = new Map<string, WireLink>();
  private readonly wakeIndex: number;

  constructor(
    private readonly seed: number,
    private readonly wakeFd: number,
    private readonly onInterfaceGone: (path: WirePath) => void,
  ) {
    this.wakeIndex = this.polled.add(wakeFd);
  }

  /** Makes a link; returns the descriptors of its two interfaces. */
  connect(spec: LinkSpec): number[] {
    if (this.links.has(spec.name)) throw new Error(`there is a link ${spec.name} already`);
    const link = new WireLink(spec, this.pool, this.seed);
    this.links.set(spec.name, link);
    for (const path of [link.aToB, link.bToA])
      this.paths.push({ path, index: this.polled.add(path.from.fd) });
    return [link.aToB.from.fd, link.bToA.from.fd];
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
      const nextDueMs = this.deliverDue();
      this.polled.wait(nextDueMs === Infinity ? null : nextDueMs - performance.now());
      if (this.polled.isReady(this.wakeIndex)) {
        tryRead(this.wakeFd, wakeCount);
        if (!onWake()) return;
      }
      for (let at = 0; at < this.paths.length; at++) {
        const { path, index } = this.paths[at]!;
        if (this.polled.isBroken(index)) this.abandon(at--);
        else if (this.polled.isReady(index)) this.receive(path);
      }
    }
  }

  close(): void {
    for (const link of this.links.values()) link.close();
    this.links.clear();
  }

  private receive(path: WirePath): void {
    const { direction, from } = path;
    for (let count = 0; count < BATCH_FRAMES; count++) {
      const frame = this.pool.spare;
      const length = tryRead(from.fd, frame);
      if (length === -EAGAIN) return;
      if (length < 0) return; // broken: the next poll says so
      const fate = direction.admit(frame, length, performance.now());
      if (fate === Fate.deliver) this.deliver(path, frame, length);
      else if (fate === Fate.reject) this.reject(path, frame, length);
    }
  }

  private deliver(path: WirePath, frame: Buffer, length: number): void {
    const { counters } = path.direction;
    if (tryWrite(path.to.fd, frame, length) < 0) counters.undeliverable++;
    else counters.delivered++;
  }

  private reject(path: WirePath, frame: Buffer, length: number): void {
    const { counters } = path.direction;
    const answer = buildRejection(frame, length);
    if (answer === null) {
      counters.droppedByCut++;
      return;
    }
    tryWrite(path.from.fd, answer, answer.length);
    counters.rejected++;
  }

  /** Writes every frame that is due; returns when the next one will be, Infinity if none is held. */
  private deliverDue(): number {
    let nextMs = Infinity;
    for (let at = 0; at < this.paths.length; at++) {
      const { path } = this.paths[at]!;
      const { queue } = path.direction;
      let dueMs = this.pool.firstDueMs(queue);
      while (dueMs !== Infinity && dueMs <= performance.now()) {
        this.deliver(path, this.pool.firstFrame(queue), this.pool.firstLength(queue));
        this.pool.release(queue);
        dueMs = this.pool.firstDueMs(queue);
      }
      if (dueMs < nextMs) nextMs = dueMs;
    }
    return nextMs;
  }

  /** Stops reading from an interface that somebody else took away. */
  private abandon(at: number): void {
    const [gone] = this.paths.splice(at, 1);
    this.polled.remove(gone!.index);
    this.onInterfaceGone(gone!.path);
  }
}
