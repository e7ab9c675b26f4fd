import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import { packageFolder } from '../base/package.js';

export function initCommand(): Command {
  return new Command('init')
    .description('write a first scenario, its schema for editors and a README into a folder of yours')
    .argument('[DIR]', 'where to; made if it is not there', 'deadair')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string) => {
      const written = await init(resolve(folder));
      const shown = relative('', resolve(folder)) || '.';
      console.log(written.map((file) => join(shown, file)).join('\n'));
      console.log(`\nNext: deadair validate ${join(shown, 'scenarios')}`);
    });
}

const EXAMPLES = `
Examples:
  deadair init                     into ./deadair
  deadair init drills/voice        into a folder of another name`;

/** npm leaves files of this name out of packages, so it is kept without its dot. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

/**
 * Copies the example into a folder, and gives what was written. Nothing that is there already is touched.
 * @throws INIT_WOULD_OVERWRITE (exit 64) before anything is written
 */
async function init(folder: string): Promise<string[]> {
  const example = join(packageFolder(), 'examples', 'first-scenario');
  const entries = await readdir(example, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(example, join(entry.parentPath, entry.name)));
  const schema = 'scenario.schema.json';
  const taken = [...files.map(nameOf), schema].filter((file) => existsSync(join(folder, file)));
  if (taken.length > 0)
    throw new DeadairError('INIT_WOULD_OVERWRITE', `${folder} has ${taken.join(', ')} already.`, {
      exitCode: ExitCode.badInput,
      fix: 'Name a new folder: deadair init my-scenarios',
    });
  const { scenarioJsonSchema } = await import('../scenario/json-schema.js');
  for (const file of files) {
    const target = join(folder, nameOf(file));
    await mkdir(dirname(target), { recursive: true });
    await cp(join(example, file), target);
  }
  await writeFile(join(folder, schema), `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return [...files.map(nameOf), schema].sort();
}

const nameOf = (file: string): string => RENAMED[file] ?? file;
