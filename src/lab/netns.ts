import { execa } from 'execa';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { withLimit } from '../base/limit.js';
import { Scope } from '../base/scope.js';
import { scenarioFiles } from '../runfolder/layout.js';
import type { PlannedNode } from '../plan/planned-node.js';
import { ensureImage } from './images/ensure.js';
import { ownRoot } from './images/own-root.js';
import { ensureTarball } from './images/tarball.js';
import { processesIn } from './processes.js';
import { startProgram } from './program.js';
import { startWorld, type World } from './world.js';
import type { Runtime, StartedNode, StartedProgram } from './runtime.js';

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
  const rootfs = await rootOf(node);
  for (const folder of rootfs === null ? folders : [...folders, disk])
    await mkdir(folder, { recursive: true });
  const root = rootfs === null ? ['', ''] : [rootfs, disk, ...boundFiles(node, folders[0] ?? '')];
  const resolvConf =
    node.resolver === null ? '' : `nameserver ${node.resolver}\noptions timeout:1 attempts:2\n`;
  const initArgs = [node.name, ...folders, resolvConf, ...root];
  const world = await startWorld(node.name, initArgs, null);
  try {
    // Held by this descriptor the network outlives the node's processes, and ends with the harness whatever ends that.
    const network = await open(`/proc/${world.pid}/ns/net`);
    return new NetnsNode(node, scenarioFolder, initArgs, network, world);
  } catch (error) {
    world.init.kill('SIGKILL');
    throw error;
  }
}

/** A node's own root filesystem; null if it has the host's. */
async function rootOf(node: PlannedNode): Promise<string | null> {
  if (node.image?.kind === 'tarball') return (await ensureTarball(node.image.file)).rootfs;
  const recipe = ownRoot(node);
  return recipe && (await ensureImage(recipe)).rootfs;
}

/** Files that a node has at places of its own: each place, and what is there on the host. */
const boundFiles = ({ container }: PlannedNode, configs: string): string[] =>
  container.files.flatMap((file) => [
    file.target,
    'source' in file ? file.source : join(configs, file.config.file),
  ]);

class NetnsNode implements StartedNode {
  readonly name: string;
  readonly netnsPath: string;
  private readonly scope = new Scope();
  private readonly programs = new Set<StartedProgram>();
  private isFrozen = false;
  private isOff = false;

  constructor(
    private readonly planned: PlannedNode,
    private readonly scenarioFolder: string,
    private readonly initArgs: readonly string[],
    private readonly network: FileHandle,
    private world: World,
  ) {
    this.name = planned.name;
    this.netnsPath = `/proc/${process.pid}/fd/${network.fd}`;
  }

  get pid(): number {
    return this.world.pid;
  }

  async start(name: string, command: readonly string[]): Promise<StartedProgram> {
    // nsenter stops itself with a child that was stopped; with the harness gone nobody would ever wake it up.
    const program = await this.startLogged(name, [...endsWithHarness, ...this.enter(command)]);
    this.programs.add(program);
    void program.ended.then(() => this.programs.delete(program));
    return program;
  }

  async startInstrument(name: string, command: readonly string[]): Promise<StartedProgram> {
    return await this.startLogged(name, [...endsWithHarness, ...inNetwork(this.netnsPath, command)]);
  }

  async run(command: readonly string[], input = ''): Promise<string> {
    const [file, ...args] = this.enter(command);
    return await this.finished(file, args, input);
  }

  async processes(): Promise<number[]> {
    return (await processesIn(this.world.pidNamespace)).filter((pid) => pid !== this.pid);
  }

  async powerOff(): Promise<void> {
    this.isOff = true;
    // Dark first: sockets of processes that are killed would still say goodbye.
    const down = this.planned.interfaces.map(({ name }) => `link set dev ${name} down\n`).join('');
    await this.outside(['ip', '-batch', '-'], down);
    // Its parent hears of its end when the kernel has killed all the others: then nothing of the node runs.
    process.kill(this.pid, 'SIGKILL');
    await withLimit(`the power of ${this.name} is off`, END_LIMIT_MS, this.world.init);
    await Promise.all([...this.programs].map((program) => program.ended));
    // Rules of the firewall live in the kernel, and go with the power too.
    await this.outside(['sh', '-c', 'command -v nft >/dev/null && nft flush ruleset || :']);
  }

  async powerOn(): Promise<void> {
    const before = this.world;
    this.world = await startWorld(this.name, this.initArgs, this.netnsPath);
    await before.held.close();
    this.isOff = false;
  }

  async freeze(): Promise<void> {
    this.isFrozen = true;
    await this.signalAll('STOP');
  }

  async thaw(): Promise<void> {
    await this.signalAll('CONT');
    for (const program of this.programs) program.signal('SIGCONT');
    this.isFrozen = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What is stopped doesn't end when asked to.
    if (this.isFrozen) await this.thaw().catch(() => undefined);
    await this.scope.close().catch(() => undefined);
    this.world.init.stdin.end();
    await withLimit(`the end of node ${this.name}`, END_LIMIT_MS, this.world.init).catch(() =>
      this.world.init.kill('SIGKILL'),
    );
    await this.world.held.close();
    await this.network.close();
  }

  private async startLogged(name: string, argv: [string, ...string[]]): Promise<StartedProgram> {
    const log = scenarioFiles(this.scenarioFolder).log(this.name, name);
    return this.scope.use(name, await startProgram(name, argv, log));
  }

  /** kill(2) with -1: every process of the pid namespace at once, but its first one. */
  private async signalAll(signal: 'STOP' | 'CONT'): Promise<void> {
    const argv = ['-t', String(this.pid), '-p', '--', 'sh', '-c', `kill -${signal} -1 2>/dev/null || :`];
    await this.finished('nsenter', argv, '');
  }

  /** Runs a host's program in the node's network, also while the node is off. */
  private async outside(command: readonly string[], input = ''): Promise<void> {
    const [file, ...args] = inNetwork(this.netnsPath, command);
    await this.finished(file, args, input);
  }

  private async finished(file: string, args: readonly string[], input: string): Promise<string> {
    try {
      const { stdout } = await execa(file, args, { input, timeout: COMMAND_LIMIT_MS });
      return stdout;
    } catch (error) {
      const why = this.isOff ? 'it is off: ' : '';
      throw new DeadairError('NODE_COMMAND_FAILED', `node ${this.name}: ${why}${messageOf(error)}`, {
        exitCode: ExitCode.labFailed,
        cause: error,
      });
    }
  }

  private enter(command: readonly string[]): [string, ...string[]] {
    return [
      'nsenter',
      '-t',
      String(this.pid),
      '-n',
      '-p',
      '-m',
      '-u',
      '-i',
      '--',
      ...inWorkFolder,
      ...command,
    ];
  }
}

const endsWithHarness = ['setpriv', '--pdeathsig', 'KILL'] as const;

/** nsenter looks its working folder up outside of the node, so the change is made inside. */
const inWorkFolder = ['sh', '-c', 'cd /run/node/work && exec "$@"', 'sh'];

/** Enters nothing but a network namespace. */
const inNetwork = (netnsPath: string, command: readonly string[]): [string, ...string[]] => [
  ...(['nsenter', `--net=${netnsPath}`, '--'] as const),
  ...command,
];
