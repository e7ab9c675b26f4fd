import { execa } from 'execa';
import { open, type FileHandle } from 'node:fs/promises';
import { DeadairError, ExitCode } from '../base/errors.js';
import { NAMESPACE_INIT } from './namespace-init.js';
import { pidNamespaceOf } from './processes.js';

const START_LIMIT_MS = 10_000;

/** What ends with a node's power: its pid, mount, uts and ipc namespaces, and the process that holds them. */
export interface World {
  init: Init;
  /** First process inside, as the host numbers it. */
  pid: number;
  /** Identity of the pid namespace: tells whose a process is. */
  pidNamespace: string;
  /** Keeps that identity from being given to another namespace when this one is empty. */
  held: FileHandle;
}

type Init = ReturnType<typeof spawnInit>;

/**
 * Makes a world, on a new network or on one that is there (`netnsPath`).
 * @throws NODE_NOT_STARTED (exit 3)
 */
export async function startWorld(
  name: string,
  initArgs: readonly string[],
  netnsPath: string | null,
): Promise<World> {
  const init = spawnInit(initArgs, netnsPath);
  try {
    const pid = await initPid(name, init);
    const pidNamespace = await pidNamespaceOf(pid);
    if (pidNamespace === null) throw notStarted(name, 'its first process ended at once.');
    return { init, pid, pidNamespace, held: await open(`/proc/${pid}/ns/pid`) };
  } catch (error) {
    init.kill('SIGKILL');
    throw error;
  }
}

/** setpriv ends unshare with the harness; the closed pipe ends the world even if the harness died before that. */
function spawnInit(args: readonly string[], netnsPath: string | null) {
  const network =
    netnsPath === null ? ['unshare', '--net'] : ['nsenter', `--net=${netnsPath}`, '--', 'unshare'];
  const namespaces = ['--pid', '--mount', '--uts', '--ipc', '--fork', '--kill-child=KILL'];
  return execa(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', ...network, ...namespaces, '--propagation', 'private'],
      ...['--', 'sh', '-c', NAMESPACE_INIT, 'init', ...args],
    ],
    { stdin: 'pipe', buffer: false, reject: false, cleanup: false },
  );
}

/** Waits for the init's `ready PID`. */
async function initPid(name: string, init: Init): Promise<number> {
  const output = { stdout: '', stderr: '' };
  return await new Promise<number>((resolve, reject) => {
    const fail = (what: string) => reject(notStarted(name, `${what} ${output.stderr.trim()}`));
    const timer = setTimeout(
      () => fail(`its namespaces were not ready within ${START_LIMIT_MS} ms.`),
      START_LIMIT_MS,
    );
    init.stderr.on('data', (data: Buffer) => (output.stderr += data.toString()));
    init.stdout.on('data', (data: Buffer) => {
      output.stdout += data.toString();
      const ready = /^ready (\d+)$/m.exec(output.stdout);
      if (!ready) return;
      clearTimeout(timer);
      resolve(Number(ready[1]));
    });
    void init.then(() => {
      clearTimeout(timer);
      fail('its first process ended at once:');
    });
  });
}

const notStarted = (name: string, what: string) =>
  new DeadairError('NODE_NOT_STARTED', `node ${name}: ${what}`, {
    exitCode: ExitCode.labFailed,
    fix: 'The netns runtime needs root and a kernel with network, pid and mount namespaces.',
  });
