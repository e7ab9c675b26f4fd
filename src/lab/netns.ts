import { execa } from 'execa';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { withLimit } from '../base/limit.js';
import { Scope } from '../base/scope.js';
import { scenarioFiles } from '../runfolder/layout.js';
import type { PlannedNode } from '../plan/types.js';
import { ensureImage } from './images/ensure.js';
import { ownRoot } from './images/own-root.js';
import { NAMESPACE_INIT } from './namespace-init.js';
import { startProgram } from './program.js';
import type { Runtime, StartedNode, StartedProgram } from './runtime.js';

const START_LIMIT_MS = 10_000;
const END_LIMIT_MS = 2000;
/** For commands that set something up or ask something: none of them has to wait for anything. */
const COMMAND_LIMIT_MS = 10_000;

/**
 * Nodes as processes in network, pid, mount, uts and ipc namespaces of their own: no daemon, some 30 ms each.
 * Needs root, util-linux and iproute2.
 */
export const netnsRuntime: Runtime = { startNode };

async function startNode(node: PlannedNode, scenarioFolder: string): Promise<StartedNode> {
  const files = scenarioFiles(scenarioFolder);
  const folders = [join(files.configs, node.name), files.logs, join(scenarioFolder, 'work', node.name)];
  const disk = files.disk(node.name);
  const image = ownRoot(node);
  for (const folder of image ? [...folders, disk] : folders) await mkdir(folder, { recursive: true });
  const root = image ? [(await ensureImage(image)).rootfs, disk] : ['', ''];
  const resolvConf = node.resolver === null ? '' : `nameserver ${node.resolver}\noptions timeout:1 attempts:2\n`;
  // setpriv ends unshare with the harness; the closed pipe ends the node even if the harness died before that.
  const init = spawnInit([node.name, ...folders, resolvConf, ...root]);
  try {
    return new NetnsNode(node.name, scenarioFolder, init, await initPid(node.name, init));
  } catch (error) {
    init.kill('SIGKILL');
    throw error;
  }
}

function spawnInit(args: string[]) {
  const namespaces = ['--net', '--pid', '--mount', '--uts', '--ipc', '--fork', '--kill-child=KILL'];
  return execa(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', ...namespaces, '--propagation', 'private'],
      ...['--', 'sh', '-c', NAMESPACE_INIT, 'init', ...args],
    ],
    { stdin: 'pipe', buffer: false, reject: false, cleanup: false },
  );
}
type Init = ReturnType<typeof spawnInit>;

/** Waits for the init's `ready PID`. */
async function initPid(name: string, init: Init): Promise<number> {
  const output = { stdout: '', stderr: '' };
  return await new Promise<number>((resolve, reject) => {
    const fail = (what: string) =>
      reject(
        new DeadairError('NODE_NOT_STARTED', `node ${name}: ${what} ${output.stderr.trim()}`, {
          exitCode: ExitCode.labFailed,
          fix: 'The netns runtime needs root and a kernel with network, pid and mount namespaces.',
        }),
      );
    const timer = setTimeout(() => fail(`its namespaces were not ready within ${START_LIMIT_MS} ms.`), START_LIMIT_MS);
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

class NetnsNode implements StartedNode {
  readonly netnsPath: string;
  private readonly programs = new Scope();

  constructor(
    readonly name: string,
    private readonly scenarioFolder: string,
    private readonly init: Init,
    readonly pid: number,
  ) {
    this.netnsPath = `/proc/${pid}/ns/net`;
  }

  async start(name: string, command: readonly string[]): Promise<StartedProgram> {
    return await this.startLogged(name, this.enter(command));
  }

  async startInstrument(name: string, command: readonly string[]): Promise<StartedProgram> {
    return await this.startLogged(name, inNetworkOf(this.pid, command));
  }

  async run(command: readonly string[], input = ''): Promise<string> {
    const [file, ...args] = this.enter(command);
    try {
      const { stdout } = await execa(file, args, { input, timeout: COMMAND_LIMIT_MS });
      return stdout;
    } catch (error) {
      throw new DeadairError('NODE_COMMAND_FAILED', `node ${this.name}: ${messageOf(error)}`, {
        exitCode: ExitCode.labFailed,
        cause: error,
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.programs.close().catch(() => undefined);
    this.init.stdin.end();
    await withLimit(`the end of node ${this.name}`, END_LIMIT_MS, this.init).catch(() => this.init.kill('SIGKILL'));
  }

  private async startLogged(name: string, argv: [string, ...string[]]): Promise<StartedProgram> {
    const log = scenarioFiles(this.scenarioFolder).log(this.name, name);
    return this.programs.use(name, await startProgram(name, argv, log));
  }

  private enter(command: readonly string[]): [string, ...string[]] {
    return ['nsenter', '-t', String(this.pid), '-n', '-p', '-m', '-u', '-i', '--', ...inWorkFolder, ...command];
  }
}

/** nsenter looks its working folder up outside of the node, so the change is made inside. */
const inWorkFolder = ['sh', '-c', 'cd /run/node/work && exec "$@"', 'sh'];

/** Enters nothing but a network namespace, and dies with the harness. */
const inNetworkOf = (pid: number, command: readonly string[]): [string, ...string[]] => [
  ...(['setpriv', '--pdeathsig', 'KILL', 'nsenter', '-t', String(pid), '-n', '--'] as const),
  ...command,
];
