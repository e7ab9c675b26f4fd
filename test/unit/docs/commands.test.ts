import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { packageFolder } from '../../../src/base/package.js';
import { createProgram } from '../../../src/cli/program.js';
import { commandsOf, pages } from '../../fixtures/docs.js';

/** Reads a command line as deadair does, and does nothing. */
async function parse(line: string): Promise<void> {
  const quiet = (command: Command): void => {
    command.action(() => undefined).configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    command.commands.forEach(quiet);
  };
  const program = createProgram();
  program.commands.forEach(quiet);
  const words = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
  const args = words.slice(words.findIndex((word) => word === 'deadair') + 1);
  const [name = ''] = args;
  // `deadair analyze` in a sentence names the command; with more it is to be typed.
  if (args.length === 1 && program.commands.some((command) => command.name() === name)) return;
  await program.parseAsync(args, { from: 'user' });
}

/** Npm's own, beside the scripts. */
const NPM = ['start', 'test', 'install', 'ci', 'run', 'exec', 'link', 'pack'];

describe('commands of the documentation', () => {
  const { scripts } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const page of pages().filter((one) => commandsOf(one).length > 0))
    it(`of ${page.file} exist, with their options`, async () => {
      for (const line of commandsOf(page)) {
        const [first = '', second = '', third = ''] = line.replace(/^(npx |sudo )+/, '').split(/\s+/);
        if (first === 'deadair') {
          if (!['--help', '--version'].includes(second)) await assert.doesNotReject(parse(line), line);
        } else if (second === 'run') assert.ok(third in scripts, `${line}: there is no script ${third}`);
        else assert.ok(NPM.includes(second), line);
      }
    });

  it('would not pass with an option or a command that is not there', async () => {
    await assert.rejects(parse('deadair run --no-such-option'));
    await assert.rejects(parse('deadair no-such-command'));
  });
});
