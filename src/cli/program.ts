import { Command } from 'commander';
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
  prepare(program);
  return program;
}

function prepare(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what there is)');
  command.commands.forEach(prepare);
}
