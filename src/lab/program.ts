import { execa } from 'execa';
import { open, readFile } from 'node:fs/promises';
import { childrenOf, withDescendants } from './processes.js';
import type { StartedProgram } from './runtime.js';

/** How long a program may take to end after SIGTERM before it is killed. */
const TERM_LIMIT_MS = 1500;
const LOG_TAIL_LINES = 15;

/** Starts a command that enters a node, by itself or through its one child, with its output in a log. */
export async function startProgram(
  name: string,
  [file, ...args]: readonly [string, ...string[]],
  logPath: string,
): Promise<StartedProgram> {
  const log = await open(logPath, 'a');
  const child = execa(file, args, {
    stdin: 'ignore',
    stdout: log.fd as 3,
    stderr: log.fd as 3,
    buffer: false,
    reject: false,
    cleanup: false,
  });
  const program = {
    name,
    running: true,
    ended: child.then(async (result) => {
      program.running = false;
      await log.close();
      return { exitCode: result.exitCode ?? null, signal: result.signal ?? null };
    }),
    signal(signal: NodeJS.Signals) {
      void signalChild(child.pid, signal);
      // nsenter stops itself with a child that was stopped, and has to be woken up by itself.
      if (signal === 'SIGCONT') child.kill(signal);
    },
    async processes() {
      if (!program.running || child.pid === undefined) return [];
      const [entered] = await childrenOf(child.pid);
      return await withDescendants(entered ?? child.pid);
    },
    lastLogLines: async () =>
      (await readFile(logPath, 'utf8')).trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n'),
    async [Symbol.asyncDispose]() {
      if (!program.running) return;
      await signalChild(child.pid, 'SIGTERM');
      const timer = setTimeout(() => {
        void signalChild(child.pid, 'SIGKILL');
        // nsenter stops itself with a child that was stopped, and would never notice its end.
        child.kill('SIGKILL');
      }, TERM_LIMIT_MS);
      await program.ended;
      clearTimeout(timer);
    },
  };
  return program;
}

/** nsenter forks to enter a pid namespace and passes no signals on, so they go to its child, if it has one. */
async function signalChild(parentPid: number | undefined, signal: NodeJS.Signals): Promise<void> {
  if (parentPid === undefined) return;
  const found = await childrenOf(parentPid);
  for (const pid of found.length > 0 ? found : [parentPid]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in the meantime.
    }
  }
}
