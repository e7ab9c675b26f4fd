import { Command } from 'commander';

/** `deadair images`, `deadair images build`, `deadair images clean`. */
export function imagesCommand(): Command {
  const images = new Command('images')
    .description('list the images of lab/images: what is built, its size and age')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const { listImages } = await import('./images/list.js');
      await listImages(json === true);
    });
  images.addCommand(
    new Command('build')
      .description('build images that are not built yet (as root)')
      .argument('[NAME...]', 'images; all of them if left out')
      .action(async (names: string[]) => {
        const { buildImages } = await import('./images/build.js');
        await buildImages(names);
      }),
  );
  images.addCommand(
    new Command('clean')
      .description('remove images that no recipe makes any more, and what broken builds left')
      .option('--all', 'every image; not while labs run')
      .action(async ({ all }: { all?: true }) => {
        const { cleanImages } = await import('./images/clean.js');
        await cleanImages(all === true);
      }),
  );
  return images;
}
