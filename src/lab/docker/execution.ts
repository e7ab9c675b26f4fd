import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { setTimeout as delay } from 'node:timers/promises';

/** How long Docker may take to say how a process ended whose output has ended. */
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
    exitCode: async () => {
      const deadline = performance.now() + INSPECT_LIMIT_MS;
      for (;;) {
        const { Running, ExitCode } = await exec.inspect();
        if (!Running) return ExitCode;
        if (performance.now() > deadline) return null;
        await delay(INSPECT_AGAIN_MS);
      }
    },
    kill: async (signal) => {
      const { Running, Pid } = await exec.inspect();
      if (Running && Pid > 0) process.kill(Pid, signal);
    },
  };
}
