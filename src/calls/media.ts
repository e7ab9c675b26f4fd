import { Worker } from 'node:worker_threads';
import type { Law } from '../audio/g711.js';
import { withLimit } from '../base/limit.js';
import type { MediaAudio, MediaCommand, MediaReport, MediaWorkerData, Pacing } from './media-protocol.js';

const FINISH_LIMIT_MS = 5000;

/** The media endpoints of one lab: G.711, 20 ms, each leg a socket in its node's namespace. */
export interface StartedMedia extends AsyncDisposable {
  /** Sets the lab's epoch, on the monotonic clock; before anything is played. */
  begin(epochMonotonicMs: number): void;
  open(leg: string, netnsPath: string, address: string, port: number, law?: Law): void;
  play(leg: string, address: string, port: number, audio: MediaAudio): void;
  /** Lets a leg say nothing for a while, as one whose process stands still. */
  mute(leg: string, muted: boolean): void;
  /** Dials digits `afterMs` from now, 100 ms each with as much between them: telephone events, or tones in the band. */
  dial(leg: string, digits: string, mode: 'rfc4733' | 'inband', afterMs: number): void;
  /** Says that the call of a leg is over, though its own party may not know: it's no longer counted as deaf. */
  over(leg: string): void;
  close(leg: string): void;
  /** Legs in a call that no RTP has reached for a while, as of a moment ago: a hint for who watches, and nothing is judged by it. */
  deafEars(): number;
  /** Ends the worker and tells how well it kept time. */
  finish(): Promise<Pacing>;
}

/**
 * @param onFailure told when a leg can't play, or the worker died: the run can't be trusted then
 */
export async function startMedia(onFailure: (message: string) => void): Promise<StartedMedia> {
  const commands = new SharedArrayBuffer(4);
  const counter = new Int32Array(commands);
  const deafEars = new SharedArrayBuffer(4);
  const deafCount = new Int32Array(deafEars);
  const workerData: MediaWorkerData = { commands, deafEars };
  const worker = new Worker(new URL('./media-worker.js', import.meta.url), { workerData });
  const tell = (command: MediaCommand) => {
    worker.postMessage(command);
    Atomics.add(counter, 0, 1);
    Atomics.notify(counter, 0);
  };
  /** Told to end, or dead and reported so. */
  let isOver = false;
  const reports = new Promise<void>((ready, failed) => {
    const died = (what: string) => {
      isOver = true;
      onFailure(what);
      failed(new Error(what));
    };
    worker.on('message', (message: MediaReport) => {
      if (message.kind === 'ready') ready();
      if (message.kind === 'failed') onFailure(message.message);
    });
    worker.on('error', (error) => died(`the media worker died: ${String(error)}`));
    worker.on('exit', () => {
      if (!isOver) died('the media worker ended by itself');
    });
  });
  const finished = new Promise<Pacing | null>((resolve) => {
    worker.on('message', (message: MediaReport) => {
      if (message.kind === 'finished') resolve(message.pacing);
    });
    worker.on('exit', () => resolve(null));
  });
  await reports;
  const end = () => {
    isOver = true;
    tell({ kind: 'finish' });
  };
  const finish = async () => {
    end();
    const pacing = await withLimit('the media worker ends', FINISH_LIMIT_MS, finished);
    if (!pacing) throw new Error('the media worker ended without telling its pacing');
    return pacing;
  };
  return {
    begin: (epochMonotonicMs) => tell({ kind: 'begin', epochMonotonicMs }),
    open: (leg, netnsPath, address, port, law = 'PCMU') =>
      tell({ kind: 'open', leg, netnsPath, address, port, law }),
    play: (leg, address, port, audio) => tell({ kind: 'play', leg, address, port, audio }),
    mute: (leg, muted) => tell({ kind: 'mute', leg, muted }),
    dial: (leg, digits, mode, afterMs) => tell({ kind: 'dial', leg, digits, mode, afterMs }),
    over: (leg) => tell({ kind: 'over', leg }),
    close: (leg) => tell({ kind: 'close', leg }),
    deafEars: () => Atomics.load(deafCount, 0),
    finish,
    [Symbol.asyncDispose]: async () => {
      end();
      await finished;
    },
  };
}
