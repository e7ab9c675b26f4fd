import { Command } from 'commander';
import type { EmulatorAsked } from '../plan/choose-emulator.js';
import { emulatorOption, scenarioPaths } from './options.js';

export function validateCommand(): Command {
  return new Command('validate')
    .description('check scenario files and their labs; nothing is started')
    .argument('[PATH...]', 'scenario files or folders')
    .addOption(emulatorOption())
    .action(async (paths: string[], { emulator }: { emulator: EmulatorAsked }) => {
      const { compilePlans } = await import('../plan/compile.js');
      const { findScenarios } = await import('../scenario/find.js');
      const found = findScenarios(scenarioPaths(paths));
      for (const loaded of found)
        compilePlans(loaded, { seed: 0, defects: 'also', runtime: 'auto', emulator, repeat: 1 });
      console.log(`${found.length} ${found.length === 1 ? 'scenario is' : 'scenarios are'} valid`);
    });
}
