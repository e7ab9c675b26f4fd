import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { DeadairError, ExitCode } from '../../base/errors.js';
import { Scope } from '../../base/scope.js';
import type { PlannedNode } from '../../plan/planned-node.js';
import type { StartedNode } from '../runtime.js';
import { DEAD_MAN, foldersOf, holderSpec, nodeSpec, resolvConfOf, runsOwnProgram } from './containers.js';
import { elsewhere, notStarted, statusOf } from './engine.js';
import { removeContainer } from './leftovers.js';
import { startHeld } from './held.js';
import { DockerNode, type NodeParts } from './node.js';
import { tarOf } from './tar-file.js';

/** A busy engine takes its time for it: the files of a container go too. */
const REMOVAL_LIMIT_MS = 25_000;

/**
 * Starts a node: the container that holds its network, and its own if it has an image.
 * @throws NODE_NOT_STARTED, NODE_NAME_TAKEN, DOCKER_ELSEWHERE (exit 3); nothing is left then
 */
export async function startDockerNode(node: PlannedNode, parts: NodeParts): Promise<StartedNode> {
  const { scenarioFolder } = parts;
  for (const folder of Object.values(foldersOf(scenarioFolder, node.name)))
    await mkdir(folder, { recursive: true });
  const resolver =
    node.resolver === null ? '' : `nameserver ${node.resolver}\noptions timeout:1 attempts:2\n`;
  await writeFile(resolvConfOf(scenarioFolder, node.name), resolver);
  const scope = new Scope();
  try {
    return await startContainers(node, parts, scope);
  } catch (error) {
    await scope.close().catch(() => undefined);
    throw error instanceof DeadairError ? error : notStarted(node.name, error);
  }
}

async function startContainers(node: PlannedNode, parts: NodeParts, scope: Scope): Promise<StartedNode> {
  const { docker } = parts.engine;
  const holder = await create(docker, holderSpec(parts.holderImage, node, parts.identity), scope);
  await startHeld(holder, scope);
  const pid = await pidOnThisMachine(holder);
  if (parts.image === null) return new DockerNode(node, pid, null, parts, scope);
  const { environment, scenarioFolder } = parts;
  const secrets = node.secrets.map((name): [string, string] => [name, environment[name] ?? '']);
  const variables = Object.entries({ ...node.environment, ...Object.fromEntries(secrets) });
  const spec = nodeSpec(parts.image, node, parts.identity, {
    ...{ holder: holder.id, scenarioFolder, cgroupDriver: parts.engine.cgroupDriver },
    environment: variables.map(([name, value]) => `${name}=${value}`),
  });
  const container = await create(docker, spec, scope);
  if (!runsOwnProgram(node)) {
    await container.putArchive(tarOf(DEAD_MAN, parts.program), { path: '/' });
    await startHeld(container, scope);
  }
  return new DockerNode(node, pid, container, parts, scope);
}

async function create(
  docker: Docker,
  spec: Docker.ContainerCreateOptions,
  scope: Scope,
): Promise<Docker.Container> {
  try {
    const container = await docker.createContainer(spec);
    scope.defer(`container ${spec.name}`, () => removeContainer(docker, container.id), REMOVAL_LIMIT_MS);
    return container;
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    throw new DeadairError('NODE_NAME_TAKEN', `Docker has a container named ${spec.name} already.`, {
      exitCode: ExitCode.labFailed,
      fix: `If it isn't needed: docker rm --force ${spec.name}`,
      cause: error,
    });
  }
}

/** Process id of a container's first process, if that is one of this machine. */
async function pidOnThisMachine(container: Docker.Container): Promise<number> {
  const { Id, State } = await container.inspect();
  const groups = await readFile(`/proc/${State.Pid}/cgroup`, 'utf8').catch(() => '');
  if (!groups.includes(Id)) throw elsewhere("the processes of Docker's containers can't be seen from here");
  return State.Pid;
}
