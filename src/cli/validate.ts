import { Command } from 'commander';
import { compilePlans } from '../plan/compile.js';
import { findScenarios } from '../scenario/find.js';
import { scenarioPaths } from './options.js';

export function validateCommand(): Command {
  return new Command('validate')
    .description('check scenario files and their labs; nothing is started')
    .argument('[PATH...]', 'scenario files or folders')
    .action((paths: string[]) => {
      const found = findScenarios(scenarioPaths(paths));
      for (const loaded of found)
        compilePlans(loaded, { seed: 0, defects: 'also', runtime: 'netns', emulator: 'wire', repeat: 1 });
      console.log(`${found.length} ${found.length === 1 ? 'scenario is' : 'scenarios are'} valid`);
    });
}
