import { Command } from 'commander';
import { runFiles } from '../runfolder/layout.js';

export function analyzeCommand(): Command {
  return new Command('analyze')
    .description('judge a run again from its folder alone, and write its reports anew')
    .argument('<RUN>', 'run folder')
    .option('--json', 'print result.json to standard output')
    .action(async (runFolder: string, flags: { json?: true }) => {
      const { scoreboard, wantsColour } = await import('../report/scoreboard.js');
      const { rejudge } = await import('../run/rejudge.js');
      const result = await rejudge(runFolder);
      if (flags.json) process.stdout.write(JSON.stringify(result) + '\n');
      else {
        const reports = [runFiles(runFolder).html, runFiles(runFolder).result];
        process.stdout.write(
          scoreboard(result, { colour: wantsColour(process.stdout, process.env), reports }),
        );
      }
      process.exitCode = result.exitCode;
    });
}
