import { z } from 'zod';

const DEBIAN_NAME = /^[a-z0-9][a-z0-9+.-]+$/;

/** A recipe's name, or what only docker takes: a reference (it has a : or a /), a ./tarball.tar or a ./folder/. */
export const imageName = z.string({ error: 'the name of an image' }).regex(/^[^\s]+$/, {
  error: 'a recipe of lab/images, an image such as freepbx:17, ./archive.tar or ./folder/',
});

/** `lab/images/<name>/image.yaml`. */
export const imageSchema = z
  .strictObject({
    description: z.string().describe('What it is for'),
    suite: z
      .enum(['host', 'unstable'])
      .default('host')
      .describe("host: packages of this machine's distribution; unstable: of Debian unstable"),
    packages: z
      .array(z.string().regex(DEBIAN_NAME, { error: 'the name of a Debian package' }), {
        error: 'a list of Debian packages',
      })
      .min(1, { error: 'a Debian package, at least one' })
      .describe('Debian packages; what they depend on comes with them, what they recommend does not'),
    provides: z
      .array(z.string().regex(/^[\w.+-]+$/, { error: 'the name of a program' }), {
        error: 'a list of programs',
      })
      .min(1, { error: 'a program, at least one' })
      .describe('Programs that must be in its PATH once it is built'),
    setup: z
      .string()
      .optional()
      .describe('A shell script (sh -eu) that is run in it as root once its packages are there'),
  })
  .describe('A deadair image: a root filesystem made of distribution packages');
