import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageFolder } from '../base/package.js';
import { analyzeCommand } from './analyze.js';
import { cleanCommand } from './clean.js';
import { completionCommand } from './completion.js';
import { doctorCommand } from './doctor.js';
import { imagesCommand } from './images.js';
import { initCommand } from './init.js';
import { listCommand } from './list.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { schemaCommand } from './schema.js';
import { traceCommand } from './trace.js';
import { validateCommand } from './validate.js';

/** The command line; errors of options are thrown instead of ending the process with commander's own exit code. */
export function createProgram(): Command {
  const program = new Command('deadair')
    .description(
      'A chaos lab for voice: breaks a real telephone network on a timeline, and hears what callers heard.',
    )
    .version(ownVersion(), '--version', 'print the version')
    .addCommand(runCommand())
    .addCommand(analyzeCommand())
    .addCommand(reportCommand())
    .addCommand(cleanCommand())
    .addCommand(validateCommand())
    .addCommand(listCommand())
    .addCommand(schemaCommand())
    .addCommand(traceCommand())
    .addCommand(imagesCommand())
    .addCommand(doctorCommand())
    .addCommand(initCommand());
  program.addCommand(completionCommand(() => program));
  program.addHelpText('after', EXAMPLES);
  prepare(program);
  return program;
}

const EXAMPLES = `
Examples:
  deadair doctor                             what this machine can do, and what it lacks
  deadair run --tag tour --defects also      the tour: scenarios, and the twins that must fail
  deadair init drills                        a first scenario in a folder of yours
  deadair analyze incident.pcap              who heard whom in a capture from the field
  deadair report --compare before after      what got better or worse from one run to another
"deadair COMMAND --help" has more of each.`;

function ownVersion(): string {
  const file = join(packageFolder(), 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function prepare(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what there is)');
  command.commands.forEach(prepare);
}
