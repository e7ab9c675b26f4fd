import { basename, dirname, relative } from 'node:path';
import { Document, isCollection, isSeq } from 'yaml';
import { endsOf } from '../scenario/lab-schema.js';
import type { LoadedScenario } from '../scenario/load.js';
import { trafficMsOf } from '../scenario/timeline.js';
import { plain } from './markdown.js';

/**
 * A scenario as a page of Markdown: its story, its lab as a drawing, its calls, faults and expectations as they stand in
 * the file, and its twins. `folder` is where the page is kept, for its links.
 */
export function scenarioPage({ file, scenario, lab, source }: LoadedScenario, folder: string): string {
  const { name, title, story, tags, defects } = scenario;
  const raw = source.data as Partial<
    Record<'traffic' | 'timeline' | 'expect' | 'values' | 'trunks', unknown>
  >;
  const path = relative(process.cwd(), file);
  const twins = defects.length > 0 ? ' --defects also' : '';
  const values = raw.values === undefined ? [] : ['## Values of the lab', '', inYaml(raw.values), ''];
  const trunks = raw.trunks === undefined ? [] : ['## How trunks speak', '', inYaml(raw.trunks), ''];
  return [
    `# ${plain(name)}: ${plain(title)}`,
    '',
    plain(story),
    '',
    `- File: [${path}](${relative(folder, file)})`,
    `- Lab: [${lab.lab.name}](${relative(folder, `${lab.folder}/lab.yaml`)}). ${plain(lab.lab.description)}`,
    `- New calls for ${trafficMsOf(scenario) / 1000} s; tags: ${tags.map(plain).join(', ')}`,
    `- Run it: \`deadair run ${path}${twins}\``,
    '',
    '```mermaid',
    'graph LR',
    ...lab.lab.nodes.map((node) => `  ${node.name}["${node.name}<br/><i>${node.role}</i>"]`),
    ...lab.lab.links.map((link) => `  ${endsOf(link.name).join(' --- ')}`),
    '```',
    '',
    ...values,
    ...trunks,
    '## Calls',
    '',
    inYaml(raw.traffic),
    '',
    '## Faults',
    '',
    scenario.timeline.length > 0
      ? inYaml(raw.timeline)
      : 'None: it shows how things are when nothing is wrong.',
    '',
    '## What must hold',
    '',
    inYaml(raw.expect),
    '',
    '## Twins that must be caught',
    '',
    ...(defects.length > 0
      ? [
          '| planted | what is wrong | named |',
          '|---|---|---|',
          ...defects.map(
            ({ plant, diagnosis }) =>
              `| ${plain(plant)} | ${plain(lab.lab.defects[plant]?.description ?? '')} | ${plain(diagnosis)} |`,
          ),
        ]
      : ['None.']),
    '',
  ].join('\n');
}

/** The table of contents: scenarios by their folder. */
export function scenarioIndex(loaded: readonly LoadedScenario[]): string {
  const groups = [...new Set(loaded.map(groupOf))].sort();
  const rows = (group: string) =>
    loaded
      .filter((one) => groupOf(one) === group)
      .map(({ scenario: { name, title, defects } }) => {
        const named = [...new Set(defects.map(({ diagnosis }) => diagnosis))];
        return `| [${plain(name)}](${name}.md) | ${plain(title)} | ${named.map(plain).join(', ')} |`;
      });
  return [
    '# Scenarios',
    '',
    `${loaded.length} scenarios. Written by \`deadair list --pages docs/scenarios\`.`,
    '',
    ...groups.flatMap((group) => [
      `## ${plain(group)}`,
      '',
      '| scenario | what happens | twins are named |',
      '|---|---|---|',
      ...rows(group),
      '',
    ]),
  ].join('\n');
}

const groupOf = ({ file }: LoadedScenario): string => basename(dirname(file));

/** As it could stand in the file, an entry a line. */
function inYaml(entries: unknown): string {
  const document = new Document(entries);
  if (isSeq(document.contents))
    for (const entry of document.contents.items) if (isCollection(entry)) entry.flow = true;
  return ['```yaml', document.toString({ lineWidth: 0 }).trimEnd(), '```'].join('\n');
}
