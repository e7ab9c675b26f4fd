import { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { runFiles } from '../runfolder/layout.js';

interface ReportFlags {
  summary?: string;
  allure?: true;
  history?: string;
  compare?: true;
  trend?: true;
  html?: string;
  pack?: string;
  embedAudio?: true;
  json?: true;
}

export function reportCommand(): Command {
  return new Command('report')
    .description('write the reports of a run anew from its result.json, or compare runs')
    .argument('<RUN...>', 'folders of runs; for --compare from the oldest to the newest')
    .option('--summary <FILE>', 'also write the run as Markdown, for a pull request or a job summary')
    .option(
      '--embed-audio',
      'put the recordings into report.html, so that it plays them without the run folder',
    )
    .option('--allure', "also make Allure's own report (needs Java), and end with its path")
    .option('--history <RUN>', 'an earlier run, whose Allure report has the history that goes on')
    .option('--compare', 'say what got better, worse or flaky from the first run to the last')
    .option('--trend', 'show how scenarios went over all these runs, or all runs in these folders')
    .option('--html <FILE>', 'for --trend: also write it as a page')
    .option('--pack <FILE>', 'also pack the whole run into a zip: files, checksums, a page to sign')
    .option('--json', 'print the comparison, or the paths written, as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (folders: string[], flags: ReportFlags) => {
      if (flags.trend) await trend(folders, flags);
      else if (flags.compare) await compare(folders, flags);
      else for (const folder of folders) await write(resolve(folder), flags);
    });
}

const EXAMPLES = `
Examples:
  deadair report reports/20261120-091500-2a                      report.html, junit.xml, allure-results anew
  deadair report reports/20261120-091500-2a --summary run.md     and as Markdown
  deadair report reports/20261120-091500-2a --pack dr-2026-q4.zip  the evidence of a rehearsal
  deadair report --compare reports/release-1.4 reports/release-1.5
  deadair report --trend reports --html trend.html                 all runs that are there`;

async function write(
  folder: string,
  { summary, embedAudio, allure, history, pack, json }: ReportFlags,
): Promise<void> {
  const { readResult } = await import('../report/json.js');
  const { writeReports } = await import('../run/reports.js');
  const run = await readResult(folder);
  await writeReports(folder, run, { embedAudio: embedAudio === true });
  const files = runFiles(folder);
  const written = [files.html, files.junit, files.allure];
  if (summary !== undefined) {
    const { runMarkdown } = await import('../report/markdown.js');
    await writeFile(summary, runMarkdown(run, folder));
    written.push(resolve(summary));
  }
  if (allure) {
    const { makeAllureReport } = await import('../run/allure-report.js');
    written.push(await makeAllureReport(folder, history ?? null));
  }
  if (pack !== undefined) {
    const { packEvidence } = await import('../run/evidence-pack.js');
    await packEvidence(folder, pack);
    written.push(resolve(pack));
  }
  console.log(json ? JSON.stringify(written) : written.join('\n'));
}

async function trend(folders: string[], { html, json }: ReportFlags): Promise<void> {
  const { findRuns } = await import('../run/find-runs.js');
  const { compareRuns } = await import('../report/compare.js');
  const { trendOf, trendText } = await import('../report/trend.js');
  const { runs, unreadable } = await findRuns(folders);
  for (const why of unreadable) console.error(`left out: ${why}`);
  const over = trendOf(compareRuns(runs));
  if (html !== undefined) {
    const { trendHtml } = await import('../report/trend-page.js');
    await writeFile(html, trendHtml(runs, over));
  }
  console.log(json ? JSON.stringify(over, null, 2) : trendText(runs, over).trimEnd());
}

async function compare(folders: string[], { json }: ReportFlags): Promise<void> {
  const { readResult } = await import('../report/json.js');
  const { compareRuns } = await import('../report/compare.js');
  const { comparisonText } = await import('../report/compare-text.js');
  const runs = await Promise.all(
    folders.map(async (folder) => ({ name: basename(resolve(folder)), run: await readResult(folder) })),
  );
  const compared = compareRuns(runs);
  console.log(json ? JSON.stringify(compared, null, 2) : comparisonText(runs, compared).trimEnd());
}
