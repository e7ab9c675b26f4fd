import { ExitCode } from '../../base/errors.js';
import { ensureImage } from '../../lab/images/ensure.js';
import { recipes } from './recipes.js';

/** Builds images one after the other: each takes the mirror and the disk for itself. @throws IMAGE_NOT_BUILT (exit 3) */
export async function buildImages(names: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  const stop = () => {
    if (interruption.signal.aborted) process.exit(ExitCode.interrupted);
    interruption.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    for (const recipe of recipes(names)) {
      const started = performance.now();
      const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
      const onStep = (step: string) => console.error(`${recipe.name}: ${step} (${seconds()} s)`);
      const { rootfs } = await ensureImage(recipe, { onStep, signal: interruption.signal });
      console.log(`${recipe.name}: ${rootfs}`);
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
