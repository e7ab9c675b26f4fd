import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { close, eventfd, signalEvent } from '../base/linux/descriptors.js';
import { assertLinkState } from './assert-state.js';
import { Breakdown } from './breakdown.js';
import type { Emulator, LinkCounters, LinkSpec, LinkState } from './contract.js';
import { DecisionFile } from './decision-file.js';
import type { WireOrder, WireReport, WireRequest, WireWorkerData } from './wire-protocol.js';

/** Longest time for the worker to answer an order: it is busy for microseconds, so by then it is stuck. */
const ANSWER_LIMIT_MS = 5000;

interface Pending {
  resolve: (counters: LinkCounters | null) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/**
 * Starts the userspace emulator: one worker thread that carries the frames of all its links between TAP interfaces.
 * Its decisions follow from `seed` (32 bit), the link's name, the direction and the frame's place in the traffic.
 * Needs root and /dev/net/tun. The interfaces vanish with the process, however that ends.
 */
export async function startWire(options: { seed: number }): Promise<Emulator> {
  const wakeFd = eventfd();
  const workerData: WireWorkerData = { seed: options.seed, wakeFd };
  const restoreFlags = keepToOneThread();
  const worker = new Worker(new URL('./wire-worker.js', import.meta.url), { workerData, name: 'wire' });
  const wire = new Wire(worker, wakeFd);
  try {
    await once(worker, 'online').finally(restoreFlags);
    // Idle links don't keep the process alive; an order's timer does, until it is answered.
    worker.unref();
  } catch (error) {
    await wire[Symbol.asyncDispose]();
    throw error;
  }
  return wire;
}

/**
 * Has V8 compile on the thread that runs, in isolates made from now on until the returned function is called, and collect
 * young garbage on that thread too, in this process from now on. V8's helpers run at ordinary priority: on a busy
 * machine the worker, which runs ahead of others, would stand still for as long as a helper waits for a processor in
 * the middle of something that a collection has to wait for (measured at a load of 15 on two cores: up to 200 ms).
 */
function keepToOneThread(): () => void {
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--no-concurrent-recompilation');
  return () => setFlagsFromString('--concurrent-recompilation');
}

class Wire implements Emulator {
  private readonly pending = new Map<number, Pending>();
  private readonly breakdown = new Breakdown();
  private readonly ended: Promise<unknown>;
  /** Decision logs by link. */
  private readonly logs = new Map<string, DecisionFile>();
  /** Descriptors that the worker has open. */
  private readonly fds: number[] = [];
  private lastId = 0;
  private disposal: Promise<void> | undefined;

  constructor(
    private readonly worker: Worker,
    private readonly wakeFd: number,
  ) {
    this.ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.on('message', (report: WireReport) => this.take(report));
    worker.on('error', (error) => this.fail('WIRE_FAILED', `the wire emulator broke: ${messageOf(error)}`));
    worker.on('exit', () => {
      for (const fd of this.fds.splice(0)) close(fd);
      this.fail('WIRE_FAILED', 'the wire emulator ended by itself');
    });
    process.on('exit', this.stopWorker);
  }

  async connect(link: LinkSpec): Promise<void> {
    try {
      if (link.log !== undefined && !this.logs.has(link.name))
        this.logs.set(
          link.name,
          await DecisionFile.create(link.log, (error) =>
            this.fail('WIRE_LOG_FAILED', `cannot write ${link.log}: ${error.message}`),
          ),
        );
      await this.order({ kind: 'connect', link });
    } catch (error) {
      if (error instanceof DeadairError) throw error;
      throw new DeadairError('LINK_FAILED', `cannot make link ${link.name}: ${messageOf(error)}`, {
        exitCode: ExitCode.labFailed,
        fix: 'The wire emulator needs root and /dev/net/tun.',
        cause: error,
      });
    }
  }

  async set(link: string, state: LinkState): Promise<void> {
    assertLinkState(state);
    await this.order({ kind: 'set', link, state });
  }

  async counters(link: string): Promise<LinkCounters> {
    const counters = await this.order({ kind: 'counters', link });
    if (!counters) throw new Error(`the worker gave no counters of ${link}`);
    return counters;
  }

  onFailure(listener: (error: Error) => void): void {
    this.breakdown.onHappened(listener);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposal ??= this.dispose();
    return this.disposal;
  }

  private async dispose(): Promise<void> {
    this.worker.ref();
    this.stopWorker();
    await this.ended;
    process.off('exit', this.stopWorker);
    await Promise.all([...this.logs.values()].map((log) => log.close()));
    close(this.wakeFd);
    this.rejectPending(new Error('the wire emulator was disposed of'));
  }

  /** Also run as the process exits, which otherwise would wait for ever for a thread that sleeps in the kernel. */
  private readonly stopWorker = (): void => this.post(0, { kind: 'stop' });

  private order(request: WireRequest): Promise<LinkCounters | null> {
    if (this.breakdown.error) return Promise.reject(this.breakdown.error);
    if (this.disposal) return Promise.reject(new Error('the wire emulator was disposed of'));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.fail('WIRE_STUCK', `the wire emulator gave no answer within ${ANSWER_LIMIT_MS} ms`),
        ANSWER_LIMIT_MS,
      );
      this.pending.set(id, { resolve, reject, timer });
      this.post(id, request);
    });
  }

  private post(id: number, request: WireRequest): void {
    const order: WireOrder = { id, request };
    this.worker.postMessage(order);
    signalEvent(this.wakeFd);
  }

  private take(report: WireReport): void {
    switch (report.kind) {
      case 'opened':
        this.fds.push(...report.fds);
        return;
      case 'closed':
        this.fds.length = 0;
        return;
      case 'decided':
        this.logs.get(report.link)?.append(report.batch, () => this.giveBack(report));
        return;
      case 'interface-gone':
        this.fail('WIRE_INTERFACE_GONE', `somebody removed ${report.interface} of link ${report.link}`);
        return;
      default:
        this.answer(report);
    }
  }

  private giveBack({ link, batch }: Extract<WireReport, { kind: 'decided' }>): void {
    if (this.breakdown.error || this.disposal) return;
    const memory = batch.buffer;
    const order: WireOrder = { id: 0, request: { kind: 'written', link, memory } };
    this.worker.postMessage(order, [memory]);
    signalEvent(this.wakeFd);
  }

  private answer(report: Extract<WireReport, { id: number }>): void {
    const pending = this.pending.get(report.id);
    if (!pending) return;
    this.pending.delete(report.id);
    clearTimeout(pending.timer);
    if (report.kind === 'done') pending.resolve(report.counters);
    else pending.reject(new Error(report.message));
  }

  private fail(code: string, what: string): void {
    if (this.breakdown.error || this.disposal) return;
    const error = new DeadairError(code, what, { exitCode: ExitCode.invalid });
    this.rejectPending(error);
    this.breakdown.happened(error);
  }

  private rejectPending(error: Error): void {
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.pending.clear();
  }
}
