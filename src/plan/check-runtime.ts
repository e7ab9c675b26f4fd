import { DeadairError, ExitCode } from '../base/errors.js';
import type { LoadedLab } from '../scenario/load-lab.js';
import type { PlannedLab } from './planned-lab.js';
import type { PlannedNode } from './planned-node.js';
import type { RuntimeName } from './types.js';

/** What is for containers, by its key in lab.yaml. */
type DockerOnly = 'image' | 'environment' | 'secrets' | 'files' | 'memory' | 'cpus';

/**
 * The runtime that a lab is run in: what was asked for, or for `auto` netns, unless a node needs Docker.
 * @throws IMAGE_NEEDS_DOCKER, NEEDS_DOCKER, NEEDS_IMAGE (exit 64), where the lab says it
 */
export function runtimeFor(asked: RuntimeName | 'auto', lab: PlannedLab, { source }: LoadedLab): RuntimeName {
  const wanted = lab.nodes.flatMap((node, index) => dockerOnly(node).map((key) => ({ node, key, index })));
  const runtime = asked === 'auto' ? (wanted.length > 0 ? 'docker' : 'netns') : asked;
  const first = wanted.find(({ node, key }) => !netnsHas(node, key));
  if (runtime === 'netns' && first)
    throw new DeadairError(
      first.key === 'image' ? 'IMAGE_NEEDS_DOCKER' : 'NEEDS_DOCKER',
      `the ${first.key} of ${first.node.name} is for Docker, and the runtime is netns.`,
      {
        exitCode: ExitCode.badInput,
        fix: `Use --runtime docker, or ${first.key === 'image' ? 'an image made of packages (lab/images), or a tarball of a root filesystem with programs that have a run' : 'leave it out'}.`,
        place: source.placeOf({ path: ['nodes', first.index, first.key], at: 'value' }),
      },
    );
  const bare = lab.nodes.findIndex((node) => node.image === null && needsImage(node));
  if (runtime === 'docker' && bare >= 0)
    throw new DeadairError(
      'NEEDS_IMAGE',
      `${lab.nodes[bare]?.name} has no image, which Docker needs to run its programs.`,
      {
        exitCode: ExitCode.badInput,
        fix: 'Give it one, such as a recipe of lab/images; the runtime netns takes the programs of this machine.',
        place: source.placeOf({ path: ['nodes', bare], at: 'value' }),
      },
    );
  return runtime;
}

function dockerOnly({ image, environment, secrets, container, programs }: PlannedNode): DockerOnly[] {
  const { files, memoryBytes, cpus } = container;
  const isOwn =
    image !== null && (image.kind !== 'recipe' || programs.some(({ command }) => command.length === 0));
  return [
    ...(isOwn ? (['image'] as const) : []),
    ...(Object.keys(environment).length > 0 ? (['environment'] as const) : []),
    ...(secrets.length > 0 ? (['secrets'] as const) : []),
    ...(files.length > 0 ? (['files'] as const) : []),
    ...(memoryBytes !== null ? (['memory'] as const) : []),
    ...(cpus !== null ? (['cpus'] as const) : []),
  ];
}

/** netns unpacks a tarball whose programs the lab names, and binds files into a root filesystem that is the node's own. */
function netnsHas({ image, programs }: PlannedNode, key: DockerOnly): boolean {
  const isTarball = image?.kind === 'tarball' && programs.every(({ command }) => command.length > 0);
  if (key === 'image') return isTarball;
  return key === 'files' && (isTarball || (image?.kind === 'recipe' && image.recipe.suite !== 'host'));
}

/** Programs run in a node, and on phones and carriers the load generator too. */
const needsImage = ({ role, programs }: PlannedNode) =>
  programs.length > 0 || role === 'phone' || role === 'carrier';
