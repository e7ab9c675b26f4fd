import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { setTimeout as delay } from 'node:timers/promises';

/** How long Docker may take to tell a process's id, or how it ended once its output has ended. */
const INSPECT_LIMIT_MS = 2000;
const INSPECT_AGAIN_MS = 10;

/** A process that Docker started in a container beside its first one. */
export interface Execution {
  output: Duplex;
  exitCode(): Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a command in a running container. What Docker has to say against it comes by its output, or is thrown. */
export async function execute(
  container: Docker.Container,
  command: readonly string[],
  options: { environment?: readonly string[]; folder?: string; stdin?: boolean } = {},
): Promise<Execution> {
  const { environment = [], folder, stdin = false } = options;
  const exec = await container.exec({
    Cmd: [...command],
    Env: [...environment],
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    ...(folder === undefined ? {} : { WorkingDir: folder }),
  });
  const output = (await exec.start({ hijack: true, stdin })) as Duplex;
  return {
    output,
    exitCode: async () => await settled(exec, ({ Running }) => !Running, ({ ExitCode }) => ExitCode),
    kill: async (signal) => {
      // Its output may be there before its process is.
      const isKnown = ({ Running, Pid, ExitCode }: Inspected) => (Running && Pid > 0) || ExitCode !== null;
      const pid = await settled(exec, isKnown, ({ Running, Pid }) => (Running ? Pid : null));
      if (pid !== null) process.kill(pid, signal);
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
