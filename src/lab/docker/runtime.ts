import { randomBytes } from 'node:crypto';
import { DeadairError, ExitCode } from '../../base/errors.js';
import type { Masks } from '../../base/masks.js';
import { Scope } from '../../base/scope.js';
import type { PlannedImage } from '../../plan/planned-node.js';
import type { Runtime } from '../runtime.js';
import { deadManProgram, hasDeadMan } from './dead-man.js';
import { openEngine, type Engine } from './engine.js';
import { provideHolderImage } from './holder-image.js';
import { provideImage, type EngineImage } from './images.js';
import { startKeeper } from './keeper.js';
import { LABELS, ownerOf } from './labels.js';
import { removeLeftovers } from './leftovers.js';
import { startDockerNode } from './start-node.js';

export interface DockerOptions {
  environment: NodeJS.ProcessEnv;
  masks: Masks;
}

/** A run's part of a Docker engine. */
export interface StartedDocker extends Runtime, AsyncDisposable {
  versions: Readonly<Record<string, string>>;
  /** Value of the run's label. */
  run: string;
}

/**
 * Opens this machine's Docker engine as a runtime, after leftovers of runs that were killed have been removed. Until it
 * is disposed of, a keeper process watches over the run.
 * @throws DOCKER_ELSEWHERE, DOCKER_MISSING, DOCKER_DENIED, DOCKER_FAILED, PROCESSOR_UNKNOWN (exit 3)
 */
export async function openDocker({ environment, masks }: DockerOptions): Promise<StartedDocker> {
  const { arch } = process;
  if (!hasDeadMan(arch))
    throw new DeadairError('PROCESSOR_UNKNOWN', `the docker runtime doesn't know the processor ${arch}.`, {
      exitCode: ExitCode.labFailed,
      fix: 'It knows x64 and arm64; use --runtime netns.',
    });
  const engine = await openEngine(environment);
  await removeLeftovers(engine.docker);
  const program = deadManProgram(arch);
  const holderImage = await provideHolderImage(engine, program);
  const run = randomBytes(6).toString('hex');
  const labels = { [LABELS.run]: run, [LABELS.owner]: ownerOf(process.pid) ?? '' };
  const scope = new Scope();
  scope.use('keeper', startKeeper(engine.socketPath, run));
  const images = new ImageShelf(engine);
  let nodes = 0;
  return {
    run,
    versions: { docker: engine.version },
    prepare: async (plan, say) => {
      const wanted = plan.lab.nodes.flatMap(({ image }) => image ?? []);
      await Promise.all(wanted.map((image) => images.get(image, say)));
    },
    startNode: async (node, scenarioFolder) => {
      const image = node.image && (await images.get(node.image, () => undefined));
      const name = `deadair-${run}-${++nodes}-${node.name}`;
      const identity = { name, labels: { ...labels, [LABELS.node]: node.name } };
      return await startDockerNode(node, {
        ...{ engine, image, holderImage, program, identity, scenarioFolder, environment, masks },
      });
    },
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

/** Images that were got already, or are being got. */
class ImageShelf {
  private readonly images = new Map<string, Promise<EngineImage>>();

  constructor(private readonly engine: Engine) {}

  get(image: PlannedImage, say: (what: string) => void): Promise<EngineImage> {
    const key = JSON.stringify(image);
    const found = this.images.get(key) ?? provideImage(this.engine, image, say);
    this.images.set(key, found);
    return found;
  }
}
