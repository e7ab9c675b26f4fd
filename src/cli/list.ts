import { Command } from 'commander';
import { trafficMsOf } from '../scenario/timeline.js';
import { findScenarios } from '../scenario/find.js';
import type { LoadedScenario } from '../scenario/load.js';
import { scenarioPaths, tagOption } from './options.js';

export function listCommand(): Command {
  return new Command('list')
    .description('list scenarios: what happens, lab, duration, tags, defects')
    .argument('[PATH...]', 'scenario files or folders')
    .addOption(tagOption())
    .option('--json', 'as JSON')
    .action((paths: string[], flags: { tag?: string[]; json?: true }) => {
      const rows = findScenarios(scenarioPaths(paths), { tags: flags.tag ?? [] }).map(summary);
      if (flags.json) console.log(JSON.stringify(rows, null, 2));
      else for (const row of rows) console.log(inWords(row));
    });
}

interface Summary {
  id: string;
  title: string;
  file: string;
  lab: string;
  durationS: number;
  tags: string[];
  defects: { plant: string; diagnosis: string }[];
}

function summary({ file, scenario }: LoadedScenario): Summary {
  const { name, title, lab, tags, defects } = scenario;
  return { id: name, title, file, lab, durationS: trafficMsOf(scenario) / 1000, tags, defects };
}

function inWords({ id, title, lab, durationS, tags, defects }: Summary): string {
  const twins = defects.map(({ plant, diagnosis }) => `    twin ${plant} → ${diagnosis}\n`).join('');
  return `${id}\n    ${title}\n    lab ${lab}, ${durationS} s of calls; tags: ${tags.join(', ')}\n${twins}`;
}
