import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { packetsOf, type Listened, type Listeners, type Listening } from '../measures/field/listening.js';

/** What a listener is sent. */
export interface SentTask {
  id: number;
  task: Listening;
}

/** What comes back. */
export interface Heard {
  id: number;
  listened: Listened;
}

/** Packets that wait for a listener, or are being listened to. */
const MOST_BYTES = 6 * 1024 * 1024;
/** Memory is promised, and each thread takes some 40 MB of it. */
const MOST_THREADS = 3;
/** Of what comes and goes with each packet. */
const YOUNG_MB = 16;

/** Threads that listen, one a core; the next call goes to whoever has the least to do. */
export class ListenerThreads implements Listeners, AsyncDisposable {
  private readonly threads: { worker: Worker; bytes: number }[];
  private readonly awaited = new Map<
    number,
    { resolve: (heard: Listened) => void; reject: (why: Error) => void }
  >();
  private waitingForRoom: (() => void)[] = [];
  private failure: Error | null = null;
  private bytes = 0;
  private count = 0;

  constructor(threads = Math.min(MOST_THREADS, availableParallelism())) {
    this.threads = Array.from({ length: threads }, () => ({ worker: this.start(), bytes: 0 }));
  }

  async listen(task: Listening): Promise<Listened> {
    if (this.failure) throw this.failure;
    const id = this.count++;
    const packets = packetsOf(task);
    const size = packets.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const thread = this.threads.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    const message: SentTask = { id, task };
    this.add(thread, size);
    try {
      return await new Promise((resolve, reject) => {
        this.awaited.set(id, { resolve, reject });
        thread.worker.postMessage(message, packets);
      });
    } finally {
      this.awaited.delete(id);
      this.add(thread, -size);
    }
  }

  async room(): Promise<void> {
    while (this.bytes > MOST_BYTES && !this.failure)
      await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
    if (this.failure) throw this.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private start(): Worker {
    const worker = new Worker(new URL('./analyze-worker.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.on('message', ({ id, listened }: Heard) => this.awaited.get(id)?.resolve(listened));
    worker.on('error', (error) => this.fail(error));
    return worker;
  }

  private add(thread: { bytes: number }, size: number): void {
    thread.bytes += size;
    this.bytes += size;
    for (const go of this.waitingForRoom.splice(0)) go();
  }

  private fail(error: Error): void {
    this.failure = error;
    for (const { reject } of this.awaited.values()) reject(error);
    for (const go of this.waitingForRoom.splice(0)) go();
  }
}
