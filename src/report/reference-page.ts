import {
  imageJsonSchema,
  labJsonSchema,
  scenarioJsonSchema,
  type JsonSchema,
} from '../scenario/json-schema.js';
import { quantityWords } from '../scenario/quantity-words.js';

/** What of a JSON Schema is written into a page. */
interface Schema extends JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  pattern?: string;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
}

/** A mapping with keys of its own, and where it stands. */
interface Section {
  title: string;
  schema: Schema;
}

/** The reference of all files that people write, as a page of Markdown: a section a mapping, a row a key. */
export function referencePage(): string {
  const files: [string, string, JsonSchema][] = [
    ['Scenario', 'scenarios/<group>/<name>.yaml', scenarioJsonSchema()],
    ['Lab', 'lab/<name>/lab.yaml', labJsonSchema()],
    ['Image', 'lab/images/<name>/image.yaml', imageJsonSchema()],
  ];
  return [
    '# Reference',
    '',
    'Every key of the files that you write, from the schema that checks them: `deadair schema --page docs/reference.md` writes this page, and',
    '`deadair schema` the JSON Schema for an editor. What can be wrong with a file is told at `file:line:col` by `deadair validate`.',
    '',
    ...files.map(([title, path]) => `- [${title}](#${anchorOf(title)}): \`${path}\``),
    '',
    ...files.flatMap(([title, , schema]) => fileLines({ title, schema })),
  ].join('\n');
}

function fileLines(root: Section): string[] {
  const sections = sectionsOf(root);
  const titles: Titles = new Map(sections.map(({ title, schema }) => [JSON.stringify(schema), title]));
  return sections.flatMap((section) => sectionLines(section, titles));
}

/** Titles of the sections by the mappings that they tell of. */
type Titles = ReadonlyMap<string, string>;

/** The mapping itself, then those in it, each of which is told once. */
function sectionsOf(root: Section): Section[] {
  const sections = [root];
  const known = new Set<string>();
  for (const { title, schema } of sections)
    for (const [key, value] of Object.entries(schema.properties ?? {}))
      for (const [index, nested] of mappingsIn(value).entries()) {
        const name = `${title} ${key}${mappingsIn(value).length > 1 ? ` ${kindOf(nested, index)}` : ''}`;
        const text = JSON.stringify(nested);
        if (known.has(text)) continue;
        known.add(text);
        sections.push({ title: name, schema: nested });
      }
  return sections.sort((a, b) => Number(a !== root) - Number(b !== root));
}

/** Mappings that a value may be, or be a list of, or map names to. */
function mappingsIn(schema: Schema): Schema[] {
  if (schema.properties) return [schema];
  if (schema.anyOf) return schema.anyOf.flatMap(mappingsIn);
  if (schema.items) return mappingsIn(schema.items);
  return typeof schema.additionalProperties === 'object' ? mappingsIn(schema.additionalProperties) : [];
}

/** Alternatives are told apart by the first key that each must have and that says what it is. */
const kindOf = ({ required = [] }: Schema, index: number): string =>
  required.find((key) => key !== 'at') ?? String(index + 1);

function sectionLines({ title, schema }: Section, titles: Titles): string[] {
  const { properties = {}, required = [], description } = schema;
  return [
    `## ${title}`,
    '',
    ...(description === undefined ? [] : [`${cell(description)}.`, '']),
    '| key | what it takes | |',
    '|---|---|---|',
    ...Object.entries(properties).map(
      ([key, value]) =>
        `| \`${key}\`${required.includes(key) && value.default === undefined ? ' **(needed)**' : ''} | ${takes(value, titles)}${defaultOf(value)} | ${cell(value.description ?? '')} |`,
    ),
    '',
  ];
}

function takes(schema: Schema, titles: Titles): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => takes(one, titles)))].join(', or ');
  if (schema.type === 'array') return `a list of ${schema.items ? takes(schema.items, titles) : 'anything'}`;
  if (schema.properties) {
    const title = titles.get(JSON.stringify(schema)) ?? '';
    return `[${title.split(' ').at(-1)}](#${anchorOf(title)})`;
  }
  if (typeof schema.additionalProperties === 'object')
    return `names, each with ${takes(schema.additionalProperties, titles)}`;
  if (schema.pattern !== undefined)
    return cell(quantityWords(schema.pattern) ?? `a text like \`${schema.pattern}\``);
  return PLAIN[schema.type ?? ''] ?? 'anything';
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true`, `false`',
  object: 'a mapping',
};

function defaultOf({ default: value }: Schema): string {
  const isEmpty = value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return isEmpty ? '' : `; \`${JSON.stringify(value).replaceAll('"', '')}\` if left out`;
}

/** In a cell of a table. */
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');
