import { Command } from 'commander';
import type { LoadedScenario } from '../scenario/load.js';
import { scenarioPaths, tagOption } from './options.js';

export function listCommand(): Command {
  return new Command('list')
    .description('list scenarios: what happens, lab, duration, tags, defects')
    .argument('[PATH...]', 'scenario files or folders')
    .addOption(tagOption())
    .option('--json', 'as JSON')
    .action(async (paths: string[], flags: { tag?: string[]; json?: true }) => {
      const { findScenarios } = await import('../scenario/find.js');
      const { trafficMsOf } = await import('../scenario/timeline.js');
      const rows = findScenarios(scenarioPaths(paths), { tags: flags.tag ?? [] }).map((loaded) =>
        summary(loaded, trafficMsOf(loaded.scenario) / 1000),
      );
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

function summary({ file, scenario }: LoadedScenario, durationS: number): Summary {
  const { name, title, lab, tags, defects } = scenario;
  return { id: name, title, file, lab, durationS, tags, defects };
}

function inWords({ id, title, lab, durationS, tags, defects }: Summary): string {
  const twins = defects.map(({ plant, diagnosis }) => `    twin ${plant} → ${diagnosis}\n`).join('');
  return `${id}\n    ${title}\n    lab ${lab}, ${durationS} s of calls; tags: ${tags.join(', ')}\n${twins}`;
}
