import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { LoadedScenario } from '../scenario/load.js';
import type * as Timeline from '../scenario/timeline.js';
import { scenarioPaths, tagOption } from './options.js';

export function listCommand(): Command {
  return new Command('list')
    .description('list scenarios: what happens, lab, duration, tags, defects')
    .argument('[PATH...]', 'scenario files or folders')
    .addOption(tagOption())
    .option('--json', 'as JSON')
    .option('--pages <DIR>', 'write a page of Markdown for each into this folder, and a table of contents')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: { tag?: string[]; json?: true; pages?: string }) => {
      const { findScenarios } = await import('../scenario/find.js');
      const found = findScenarios(scenarioPaths(paths), { tags: flags.tag ?? [] });
      if (flags.pages !== undefined) return await writePages(found, flags.pages);
      const timeline = await import('../scenario/timeline.js');
      const rows = found.map((loaded) => summary(loaded, timeline));
      if (flags.json) console.log(JSON.stringify(rows, null, 2));
      else for (const row of rows) console.log(inWords(row));
    });
}

const EXAMPLES = `
Examples:
  deadair list --tag tour          those of the tour
  deadair list my-scenarios        what is in a folder of yours`;

async function writePages(found: readonly LoadedScenario[], folder: string): Promise<void> {
  const { scenarioIndex, scenarioPage } = await import('../report/scenario-page.js');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'README.md'), scenarioIndex(found));
  for (const loaded of found)
    await writeFile(join(folder, `${loaded.scenario.name}.md`), scenarioPage(loaded, folder));
  console.log(`${found.length + 1} pages in ${folder}`);
}

interface Summary {
  id: string;
  title: string;
  file: string;
  lab: string;
  durationS: number;
  faults: string[];
  tags: string[];
  story: string;
  defects: { plant: string; diagnosis: string }[];
}

function summary(
  { file, scenario }: LoadedScenario,
  { kindOf, occurrencesOf, trafficMsOf }: typeof Timeline,
): Summary {
  const { name, title, story, lab, tags, defects, timeline } = scenario;
  const faults = timeline.map((entry) => {
    const times = occurrencesOf(entry);
    const targets = [...new Set(times.map(({ target }) => target))].join(', ');
    const first = Math.min(...times.map(({ atMs }) => atMs)) / 1000;
    return `${kindOf(entry)} ${targets} at ${first} s${times.length > 1 ? `, ${times.length} in all` : ''}`;
  });
  return {
    id: name,
    title,
    story,
    file,
    lab,
    durationS: trafficMsOf(scenario) / 1000,
    faults,
    tags,
    defects,
  };
}

function inWords({ id, title, story, lab, durationS, faults, tags, defects }: Summary): string {
  const twins = defects.map(({ plant, diagnosis }) => `    twin ${plant} → ${diagnosis}\n`).join('');
  const happens = faults.map((fault) => `    ${fault}\n`).join('');
  return `${id}\n    ${title}\n    ${story}\n    lab ${lab}, ${durationS} s of calls; tags: ${tags.join(', ')}\n${happens}${twins}`;
}
