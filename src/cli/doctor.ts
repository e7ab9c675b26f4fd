import { Command } from 'commander';
import { ExitCode } from '../base/errors.js';
import type { Check } from './doctor/check.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('tell what this machine can do, and how to mend what it cannot')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExits with 3 if labs can not run here; what is only a loss is marked with !.')
    .action(async ({ json }: { json?: true }) => {
      const { examine } = await import('./doctor/examine.js');
      const checks = await examine();
      if (json) console.log(JSON.stringify(checks, null, 2));
      else console.log(checks.map(inWords).join('\n'));
      if (checks.some(({ state }) => state === 'missing')) process.exitCode = ExitCode.labFailed;
    });
}

const MARKS: Record<Check['state'], string> = { fine: '✔', limited: '!', missing: '✘' };

function inWords({ name, state, found, fix }: Check): string {
  const line = `${MARKS[state]} ${name.padEnd(18)} ${found}`;
  return fix === null ? line : `${line}\n${' '.repeat(21)}${fix}`;
}
