import { count } from '../base/count.js';
import { Command } from 'commander';
import { wholeNumber } from './options.js';

interface CleanFlags {
  days: number;
  dryRun?: true;
  json?: true;
}

const DAY_MS = 86_400_000;

export function cleanCommand(): Command {
  return new Command('clean')
    .description('remove the folders of old runs, and containers that a killed run left; asks nothing')
    .argument('[DIR]', 'the folder that has the runs', 'reports')
    .option('--days <N>', 'runs of which nothing is younger than this', wholeNumber(0), 30)
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: CleanFlags) => await clean(folder, flags));
}

const EXAMPLES = `
A run's folder with a file of somebody else's in it stays, except in logs, configs, work and disks of a scenario:
there whatever the lab's programs wrote counts as the run's own.
Images have a command of their own: deadair images clean.

Examples:
  deadair clean --dry-run               what would go from reports/, and what stays for what reason
  deadair clean --days 7                runs that are older than a week
  deadair clean /var/deadair --days 90  runs that were kept elsewhere`;

/** Tells what went, or would go, and what stays and why. */
async function clean(folder: string, { days, dryRun, json }: CleanFlags): Promise<void> {
  const { cleanUp } = await import('../run/clean.js');
  const { printable } = await import('../report/text.js');
  const cleaned = await cleanUp(folder, {
    olderThanMs: days * DAY_MS,
    dryRun: dryRun === true,
    environment: process.env,
  });
  if (json) {
    console.log(JSON.stringify(cleaned, null, 2));
    return;
  }
  const { removed, kept, containers } = cleaned;
  const verb = dryRun ? 'would remove' : 'removed';
  const lines = [
    ...kept.map(({ path, why }) => `kept ${path}: ${why}`),
    ...removed.map(({ path, bytes }) => `${verb} ${path} (${megabytes(bytes)})`),
    containers === null
      ? 'containers: no Docker engine answers, so none were looked for'
      : `${verb} ${count(containers, 'container')} of runs that are no more`,
    `${verb} ${count(removed.length, 'run')}, ${megabytes(removed.reduce((sum, { bytes }) => sum + bytes, 0))}`,
  ];
  for (const line of lines) console.log(printable(line));
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
