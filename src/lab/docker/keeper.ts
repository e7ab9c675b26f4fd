import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { withLimit } from '../../base/limit.js';
import { KEEPER_DONE } from './keeper-protocol.js';

const END_LIMIT_MS = 2000;

/**
 * Starts the process that removes the run's containers when this one ends, by whatever signal. It's in a session of
 * its own, so that what ends a terminal or a process group doesn't end it too.
 */
export function startKeeper(socketPath: string, run: string): AsyncDisposable {
  const program = fileURLToPath(new URL('./keeper-process.js', import.meta.url));
  const keeper = spawn(process.execPath, [program, socketPath, run], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(keeper, 'exit');
  keeper.stdin.on('error', () => undefined);
  keeper.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      keeper.stdin.end(`${KEEPER_DONE}\n`);
      // It has nothing to do any more, however busy the machine is.
      await withLimit("the end of the run's keeper", END_LIMIT_MS, ended).catch(() => keeper.kill('SIGKILL'));
    },
  };
}
