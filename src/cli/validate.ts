import { Command } from 'commander';
import { DeadairError, ExitCode } from '../base/errors.js';
import type { EmulatorAsked } from '../plan/choose-emulator.js';
import { emulatorOption, scenarioPaths } from './options.js';

interface ValidateFlags {
  emulator: EmulatorAsked;
  json?: true;
}

export function validateCommand(): Command {
  return new Command('validate')
    .description('check scenario files and their labs; nothing is started')
    .argument('[PATH...]', 'scenario files or folders')
    .addOption(emulatorOption())
    .option('--json', 'print how many are valid and what is wrong as JSON to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], { emulator, json }: ValidateFlags) => {
      try {
        const valid = await check(paths, emulator);
        if (json) console.log(JSON.stringify({ valid, errors: [] }));
        else console.log(`${valid} ${valid === 1 ? 'scenario is' : 'scenarios are'} valid`);
      } catch (error) {
        if (!json || !(error instanceof DeadairError) || error.exitCode !== ExitCode.badInput) throw error;
        const { InputErrors } = await import('../scenario/input-errors.js');
        const errors = error instanceof InputErrors ? error.errors : [error];
        console.log(JSON.stringify({ valid: null, errors: errors.map(asJson) }));
        process.exitCode = ExitCode.badInput;
      }
    });
}

const EXAMPLES = `
Examples:
  deadair validate my-scenarios            every scenario file in a folder, with its lab and twins
  deadair validate one.yaml --json         for an editor or a pipeline: errors with file, line and column`;

async function check(paths: string[], emulator: EmulatorAsked): Promise<number> {
  const { compilePlans } = await import('../plan/compile.js');
  const { findScenarios } = await import('../scenario/find.js');
  const found = findScenarios(scenarioPaths(paths));
  for (const loaded of found)
    compilePlans(loaded, { seed: 0, defects: 'also', runtime: 'auto', emulator, repeat: 1 });
  return found.length;
}

/** Line and column count from 1; null where an error has no place, or nobody knows how to mend it. */
const asJson = ({ code, message, fix, place }: DeadairError) => ({
  code,
  message,
  fix: fix ?? null,
  file: place?.file ?? null,
  line: place?.line ?? null,
  column: place?.column ?? null,
});
