import type Docker from 'dockerode';
import { PassThrough, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { withLimit } from '../../base/limit.js';
import { demultiplex } from './program.js';

/** How long Docker may take to tell a process's id, or how it ended once its output has ended. */
const INSPECT_LIMIT_MS = 2000;
const INSPECT_AGAIN_MS = 10;

/** A process that Docker started in a container beside its first one. */
export interface Execution {
  output: Duplex;
  /** As the host numbers it; null if it has ended. */
  pid: () => Promise<number | null>;
  exitCode: () => Promise<number | null>;
  kill: (signal: NodeJS.Signals) => Promise<void>;
}

/** Starts a command in a running container. What Docker has to say against it comes by its output, or is thrown. */
export async function execute(
  container: Docker.Container,
  command: readonly string[],
  { folder, stdin = false }: { folder: string; stdin?: boolean },
): Promise<Execution> {
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    WorkingDir: folder,
  });
  const output = await exec.start({ hijack: true, stdin });
  // Its output may be there before its process is.
  const isKnown = ({ Running, Pid, ExitCode }: Inspected) => (Running && Pid > 0) || ExitCode !== null;
  const pid = async () => await settled(exec, isKnown, ({ Running, Pid }) => (Running ? Pid : null));
  return {
    output,
    pid,
    exitCode: async () =>
      await settled(
        exec,
        ({ Running }) => !Running,
        ({ ExitCode }) => ExitCode,
      ),
    kill: async (signal) => {
      const known = await pid();
      if (known !== null) process.kill(known, signal);
    },
  };
}

type Inspected = Pick<Docker.ExecInspectInfo, 'Running' | 'Pid'> & { ExitCode: number | null };

/** Asks Docker about a process until it tells what is wanted; null if it doesn't in time. */
async function settled<T>(
  exec: Docker.Exec,
  isTold: (told: Inspected) => boolean,
  take: (told: Inspected) => T,
): Promise<T | null> {
  const deadline = performance.now() + INSPECT_LIMIT_MS;
  for (;;) {
    const told: Inspected = await exec.inspect();
    if (isTold(told)) return take(told);
    if (performance.now() > deadline) return null;
    await delay(INSPECT_AGAIN_MS);
  }
}

/** Runs a command to its end and gives its two outputs; `what` names it for the error when it takes longer than `limitMs`. */
export async function runToEnd(
  { docker, container }: { docker: Docker; container: Docker.Container },
  command: readonly string[],
  options: { folder: string; input: string | undefined; what: string; limitMs: number },
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const { folder, input, what, limitMs } = options;
  const { output, exitCode } = await execute(container, command, { folder, stdin: input !== undefined });
  const [out, err] = [new PassThrough(), new PassThrough()];
  demultiplex(docker, output, [out, err]);
  if (input !== undefined) output.end(input);
  const ended = finished(output, { writable: false })
    .catch(() => undefined)
    .then(() => [out.end(), err.end(), output.destroy()]);
  const [stdout, stderr] = await withLimit(what, limitMs, Promise.all([text(out), text(err), ended]));
  return { stdout, stderr, code: await exitCode() };
}
