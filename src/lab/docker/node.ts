import { execa } from 'execa';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { DeadairError, ExitCode } from '../../base/errors.js';
import type { Masks } from '../../base/masks.js';
import { Scope } from '../../base/scope.js';
import type { PlannedNode } from '../../plan/planned-node.js';
import { scenarioFiles } from '../../runfolder/layout.js';
import { runInNetwork } from '../network.js';
import { processesBeside } from '../processes.js';
import { startProgram } from '../program.js';
import { nodeFolders, type StartedNode, type StartedProgram } from '../runtime.js';
import { runsOwnProgram, type Identity } from './containers.js';
import { notStarted, statusOf, type Engine } from './engine.js';
import { execute, runToEnd } from './execution.js';
import { startHeld } from './held.js';
import type { EngineImage } from './images.js';
import { followProgram } from './program.js';

/** For commands that set something up or ask something: none of them has to wait for anything. */
const COMMAND_LIMIT_MS = 10_000;

export interface NodeParts {
  engine: Engine;
  /** Null: the node is nothing but a network, as a switch is. */
  image: EngineImage | null;
  holderImage: string;
  /** The dead-man program. */
  program: Buffer;
  identity: Identity;
  scenarioFolder: string;
  /** Where secrets come from. */
  environment: NodeJS.ProcessEnv;
  masks: Masks;
}

/** A node whose network is held by one container, and whose files and processes are another's. */
export class DockerNode implements StartedNode {
  readonly name: string;
  readonly netnsPath: string;
  private readonly scope = new Scope();
  private readonly programs = new Set<StartedProgram>();
  private isFrozen = false;

  constructor(
    private readonly planned: PlannedNode,
    /** Of the container that holds the network. */
    readonly pid: number,
    private readonly container: Docker.Container | null,
    private readonly parts: Pick<NodeParts, 'engine' | 'scenarioFolder' | 'masks' | 'image'>,
    /** Holds the containers, and their inputs. */
    private readonly containers: Scope,
  ) {
    this.name = planned.name;
    this.netnsPath = `/proc/${pid}/ns/net`;
  }

  async start(name: string, command: readonly string[]): Promise<StartedProgram> {
    try {
      const started =
        command.length === 0 ? await this.startOwn(name) : await this.startBeside(name, command);
      const program = this.scope.use(name, started);
      this.programs.add(program);
      void program.ended.then(() => this.programs.delete(program));
      return program;
    } catch (error) {
      throw error instanceof DeadairError ? error : notStarted(this.name, error);
    }
  }

  async startInstrument(name: string, command: readonly string[]): Promise<StartedProgram> {
    const argv = ['setpriv', '--pdeathsig', 'KILL', 'nsenter', `--net=${this.netnsPath}`, '--', ...command];
    return this.scope.use(name, await startProgram(name, argv as [string, ...string[]], this.log(name)));
  }

  async run(command: readonly string[], input?: string): Promise<string> {
    const container = this.own();
    const what = `"${command.join(' ')}" on node ${this.name}`;
    const options = { folder: nodeFolders.work, input, what, limitMs: COMMAND_LIMIT_MS };
    const { docker } = this.parts.engine;
    const { stdout, stderr, code } = await runToEnd({ docker, container }, command, options);
    if (code === 0) return stdout;
    const text = this.parts.masks.text(`${what} ended with ${code}: ${stderr || stdout}`.trimEnd());
    throw new DeadairError('NODE_COMMAND_FAILED', text, { exitCode: ExitCode.labFailed });
  }

  async health(): Promise<'starting' | 'healthy' | 'unhealthy' | null> {
    if (!this.parts.image?.hasHealthcheck) return null;
    const { Health } = (await this.own().inspect()).State;
    return (Health?.Status ?? 'starting') as 'starting' | 'healthy' | 'unhealthy';
  }

  async processes(): Promise<number[]> {
    const first = await this.firstProcess();
    const all = first === null ? [] : await processesBeside(first);
    // The first process is the image's own program, or else deadair's.
    return all.filter((pid) => pid !== first || runsOwnProgram(this.planned));
  }

  async powerOff(): Promise<void> {
    // Dark first: sockets of processes that are killed would still say goodbye.
    const down = this.planned.interfaces.map(({ name }) => `link set dev ${name} down\n`).join('');
    await runInNetwork(this, ['ip', '-batch', '-'], down);
    await unlessInThatState(this.container?.kill());
    await this.container?.wait();
    await Promise.all([...this.programs].map((program) => program.ended));
    // Rules of the firewall live in the kernel, and go with the power too.
    await runInNetwork(this, ['sh', '-c', 'command -v nft >/dev/null && nft flush ruleset || :']);
  }

  async powerOn(): Promise<void> {
    // The image's own program is started as programs are.
    if (this.container && !runsOwnProgram(this.planned)) await startHeld(this.container, this.containers);
  }

  async freeze(): Promise<void> {
    this.isFrozen = true;
    await this.signalAll('SIGSTOP');
  }

  async thaw(): Promise<void> {
    await this.signalAll('SIGCONT');
    this.isFrozen = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What is frozen doesn't end when asked to.
    if (this.isFrozen) await this.thaw().catch(() => undefined);
    await this.scope.close().catch(() => undefined);
    await this.containers.close();
  }

  /** First process of the node's container, as the host numbers it; null if it isn't running. */
  private async firstProcess(): Promise<number | null> {
    return (await this.container?.inspect())?.State.Pid || null;
  }

  /**
   * As a frozen node of netns: its processes are stopped, and its kernel lives on (docs/decisions/0031). kill(2) with -1
   * is for all of a pid namespace but its first process, which only somebody outside of it can stop: it's stopped if it
   * is the image's own. Deadair's has to go on, so that it can end.
   */
  private async signalAll(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const first = await this.firstProcess();
    if (first === null) return;
    const all = `kill -${signal.slice(3)} -1 2>/dev/null || :`;
    await execa('nsenter', ['-t', String(first), '-p', '--', 'sh', '-c', all], { timeout: COMMAND_LIMIT_MS });
    if (runsOwnProgram(this.planned)) process.kill(first, signal);
  }

  private async startOwn(name: string): Promise<StartedProgram> {
    const container = this.own();
    const streams = { stream: true, stdout: true, stderr: true, hijack: true };
    const output = (await container.attach(streams)) as Duplex;
    await container.start();
    return followProgram(this.parts.engine.docker, {
      ...{ name, output, log: this.log(name), masks: this.parts.masks, isContainer: true },
      exitCode: async () => ((await container.wait()) as { StatusCode: number }).StatusCode,
      pid: async () => (await container.inspect()).State.Pid || null,
      kill: async (signal) => void (await container.kill({ signal })),
    });
  }

  private async startBeside(name: string, command: readonly string[]): Promise<StartedProgram> {
    const execution = await execute(this.own(), command, { folder: nodeFolders.work });
    const { masks, engine } = this.parts;
    return followProgram(engine.docker, { name, log: this.log(name), masks, ...execution });
  }

  private own(): Docker.Container {
    if (this.container) return this.container;
    throw new DeadairError('NODE_HAS_NO_IMAGE', `node ${this.name} has no image to run programs from.`, {
      exitCode: ExitCode.labFailed,
      fix: 'Give it one in lab.yaml: image.',
    });
  }

  private log(program: string): string {
    return scenarioFiles(this.parts.scenarioFolder).log(this.name, program);
  }
}

/** Docker refuses to bring a container into a state that it is in already; that is as good as done. */
async function unlessInThatState(change: Promise<unknown> | undefined): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (![304, 409, 500].includes(statusOf(error) ?? 0)) throw error;
  }
}
