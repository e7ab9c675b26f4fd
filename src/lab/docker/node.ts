import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { DeadairError, ExitCode } from '../../base/errors.js';
import { withLimit } from '../../base/limit.js';
import { Scope } from '../../base/scope.js';
import { scenarioFiles } from '../../runfolder/layout.js';
import { startProgram } from '../program.js';
import { nodeFolders, type StartedNode, type StartedProgram } from '../runtime.js';
import { execute } from './execution.js';
import { demultiplex, followProgram } from './program.js';
import { notStarted, type NodeParts } from './start-node.js';

/** For commands that set something up or ask something: none of them has to wait for anything. */
const COMMAND_LIMIT_MS = 10_000;

/** A node whose network is held by one container, and whose files and processes are another's. */
export class DockerNode implements StartedNode {
  readonly netnsPath: string;
  private readonly programs = new Scope();

  constructor(
    readonly name: string,
    readonly pid: number,
    private readonly container: Docker.Container | null,
    private readonly parts: Pick<NodeParts, 'engine' | 'scenarioFolder' | 'masks' | 'image'>,
    /** Holds what was made for the node. */
    private readonly scope: Scope,
  ) {
    this.netnsPath = `/proc/${pid}/ns/net`;
  }

  async start(name: string, command: readonly string[]): Promise<StartedProgram> {
    try {
      const program = command.length === 0 ? await this.startOwn(name) : await this.startBeside(name, command);
      return this.programs.use(name, program);
    } catch (error) {
      throw error instanceof DeadairError ? error : notStarted(this.name, error);
    }
  }

  async startInstrument(name: string, command: readonly string[]): Promise<StartedProgram> {
    const argv = ['setpriv', '--pdeathsig', 'KILL', 'nsenter', `--net=${this.netnsPath}`, '--', ...command];
    return this.programs.use(name, await startProgram(name, argv as [string, ...string[]], this.log(name)));
  }

  async run(command: readonly string[], input?: string): Promise<string> {
    const stdin = input !== undefined;
    const { output, exitCode } = await execute(this.own(), command, { folder: nodeFolders.work, stdin });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    demultiplex(this.parts.engine.docker, output, [stdout, stderr]);
    if (stdin) output.end(input);
    const what = `"${command.join(' ')}" on node ${this.name}`;
    const told = withLimit(what, COMMAND_LIMIT_MS, bothOf(output, stdout, stderr));
    const [answer, complaint] = await told;
    const code = await exitCode();
    if (code === 0) return answer;
    throw new DeadairError(
      'NODE_COMMAND_FAILED',
      this.parts.masks.text(`${what} ended with ${code}: ${complaint || answer}`.trimEnd()),
      { exitCode: ExitCode.labFailed },
    );
  }

  async health(): Promise<'starting' | 'healthy' | 'unhealthy' | null> {
    if (!this.parts.image?.hasHealthcheck) return null;
    const { Health } = (await this.own().inspect()).State;
    return (Health?.Status ?? 'starting') as 'starting' | 'healthy' | 'unhealthy';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.programs.close().catch(() => undefined);
    await this.scope.close();
  }

  private async startOwn(name: string): Promise<StartedProgram> {
    const container = this.own();
    const output = (await container.attach({
      ...{ stream: true, stdout: true, stderr: true, hijack: true },
    })) as Duplex;
    await container.start();
    return followProgram(this.parts.engine.docker, {
      ...{ name, output, log: this.log(name), masks: this.parts.masks, isContainer: true },
      exitCode: async () => ((await container.wait()) as { StatusCode: number }).StatusCode,
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

async function bothOf(output: Duplex, stdout: PassThrough, stderr: PassThrough): Promise<[string, string]> {
  const texts = Promise.all([text(stdout), text(stderr)]);
  await finished(output, { writable: false }).catch(() => undefined);
  stdout.end();
  stderr.end();
  return await texts;
}
