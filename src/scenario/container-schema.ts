import { z } from 'zod';
import { size } from './quantities.js';

const variable = z.string().regex(/^[A-Za-z_]\w*$/, {
  error: 'the name of a variable: letters, digits and _',
});

/** What a node may have that only a container can give it. */
export const containerKeys = {
  environment: z
    .record(variable, z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .default({})
    .describe('Variables of all that runs in it; each value a template (docker only)'),
  secrets: z
    .array(variable, { error: 'a list of names of variables' })
    .default([])
    .describe(
      "Variables taken from deadair's own environment; their values are masked in everything written (docker only)",
    ),
  files: z
    .record(
      z.string().regex(/^\/[^:]*[^:/]$/, { error: 'an absolute path in the node, without a colon' }),
      z.string().describe('File or folder beside lab.yaml; .hbs is rendered'),
    )
    .default({})
    .describe(
      'Files and folders that are there, read-only: path in the node → path beside lab.yaml (docker, and netns in an image of its own)',
    ),
  memory: size().optional().describe('Most memory that it may use, such as 256M (docker only)'),
  cpus: z
    .number({ error: 'a number of processors such as 0.5' })
    .min(0.01, { error: 'at least 0.01 processors' })
    .optional()
    .describe('How many processors it may keep busy, such as 0.5 (docker only)'),
};
