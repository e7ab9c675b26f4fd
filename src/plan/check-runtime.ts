import { DeadairError, ExitCode } from '../base/errors.js';
import type { LoadedLab } from '../scenario/load-lab.js';
import type { Plan } from './types.js';

/**
 * Refuses what the plan's runtime can't run, where the lab says it.
 * @throws IMAGE_NEEDS_DOCKER (exit 64)
 */
export function checkRuntime({ runtime, lab }: Plan, { source }: LoadedLab): void {
  if (runtime === 'docker') return;
  for (const [index, { name, image }] of lab.nodes.entries())
    if (image !== null && image.kind !== 'recipe')
      throw new DeadairError(
        'IMAGE_NEEDS_DOCKER',
        `the image of ${name} is for Docker, and the ${runtime} runtime takes recipes of lab/images only.`,
        {
          exitCode: ExitCode.badInput,
          fix: 'Use --runtime docker, or an image made of packages (docs/images.md).',
          place: source.placeOf({ path: ['nodes', index, 'image'], at: 'value' }),
        },
      );
}
