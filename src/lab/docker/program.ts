import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { Masks } from '../../base/masks.js';
import { withDescendants } from '../processes.js';
import type { StartedProgram } from '../runtime.js';

/** How long a program may take to end after SIGTERM before it is killed. */
const TERM_LIMIT_MS = 1500;
const LOG_TAIL_LINES = 15;

/** A process of a container, whose output comes by a stream that ends with it. */
export interface Attached {
  name: string;
  output: Duplex;
  log: string;
  masks: Masks;
  isContainer?: true;
  /** Exit code as Docker tells it, or null if it can't be told; asked once the output has ended. */
  exitCode: () => Promise<number | null>;
  /** Its process, as the host numbers it; null if it has ended. */
  pid: () => Promise<number | null>;
  /** Harmless if it has ended. */
  kill: (signal: NodeJS.Signals) => Promise<void>;
}

/** Writes the output of a container's process to its log, without secrets, and follows it to its end. */
export function followProgram(docker: Docker, attached: Attached): StartedProgram {
  const { name, output, log, masks, isContainer, kill } = attached;
  const file = createWriteStream(log, { flags: 'a' });
  // Each of the two outputs is masked for itself: their pieces come in turns.
  const sinks = [masks.stream(), masks.stream()] as const;
  for (const sink of sinks) sink.pipe(file, { end: false });
  demultiplex(docker, output, sinks);
  const program = {
    name,
    running: true,
    ...(isContainer ? { isContainer } : {}),
    ended: follow(),
    signal: (signal: NodeJS.Signals) => void kill(signal).catch(() => undefined),
    processes: async () => {
      const pid = program.running ? await attached.pid().catch(() => null) : null;
      return pid === null ? [] : await withDescendants(pid);
    },
    lastLogLines: async () =>
      (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n'),
    async [Symbol.asyncDispose]() {
      if (!program.running) return;
      await kill('SIGTERM').catch(() => undefined);
      const timer = setTimeout(() => void kill('SIGKILL').catch(() => undefined), TERM_LIMIT_MS);
      await program.ended;
      clearTimeout(timer);
    },
  };
  return program;

  async function follow() {
    await finished(output, { writable: false }).catch(() => undefined);
    output.destroy();
    await Promise.all(sinks.map((sink) => finished(sink.end())));
    await finished(file.end());
    const code = await attached.exitCode().catch(() => null);
    program.running = false;
    return endOf(code);
  }
}

type Writables = readonly [stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream];

/** Takes the two outputs of a process apart, which come in one stream. Their ends are the caller's to make. */
export function demultiplex(docker: Docker, output: Duplex, to: Writables): void {
  (docker.modem as { demuxStream(from: Duplex, ...to: Writables): void }).demuxStream(output, ...to);
}

/** Docker tells the end by a signal as a shell does: 128 and its number. */
function endOf(code: number | null): { exitCode: number | null; signal: NodeJS.Signals | null } {
  const [signal] = Object.entries(constants.signals).find(([, number]) => code === 128 + number) ?? [];
  return signal === undefined
    ? { exitCode: code, signal: null }
    : { exitCode: null, signal: signal as NodeJS.Signals };
}
