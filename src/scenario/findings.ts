import type { z } from 'zod';
import { nearest, suggestion } from '../base/nearest.js';
import { Expected } from '../base/units.js';
import { ExpectedOfLink } from './impair-units.js';
import { intendedOption, jsonSchemaOf, knownKeys, schemaAt, valueAt } from './json-schema.js';
import type { JsonSchema } from './json-schema.js';
import type { Finding } from './source.js';

type Issue = z.core.$ZodIssue;

const unitPhrases: readonly string[] = [...Object.values(Expected), ...Object.values(ExpectedOfLink)];
const typePhrases: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** What zod's own checks expect, in plain words; schemas with words of their own override this. */
const phraseOf: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return typePhrases[issue.expected] ?? issue.expected;
  return undefined;
};

/** Everything in `data` that breaks the schema. Unknown keys and words name the nearest right one. */
export function findingsOf(schema: z.ZodType, data: unknown): Finding[] {
  const { error } = schema.safeParse(data, { error: phraseOf });
  if (!error) return [];
  const json = jsonSchemaOf(schema);
  const issues = error.issues.flatMap((issue) => flatten(issue, json, data));
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ key, parent: issue.path })) : [],
  );
  return issues.flatMap((issue): Finding[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey(key, issue.path, knownKeys(json, issue.path, data)));
    // What a mapping lacks as a whole is likely what its mistyped key was meant to be.
    if (issue.code === 'custom' && unknown.some(({ parent }) => String(parent) === String(issue.path)))
      return [];
    if (issue.path.length === 0 || valueAt(data, issue.path) !== undefined) return [wrongValue(issue, data)];
    const key = String(issue.path.at(-1));
    const parent = issue.path.slice(0, -1);
    // A key that was mistyped is reported once, where it stands; it may be that of another alternative.
    const alternatives = schemaAt(json, parent, data).anyOf ? knownKeys(json, parent, data) : [];
    const mistyped = unknown.some(
      (other) =>
        nearest(other.key, [key, ...alternatives]) !== null && String(other.parent) === String(parent),
    );
    return mistyped ? [] : [missingKey(key, issue.message, parent)];
  });
}

/** A union's issues are those of the alternative that was meant; paths become absolute. */
function flatten(issue: Issue, json: JsonSchema, data: unknown): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = valueAt(data, issue.path);
  const options = schemaAt(json, issue.path, data).anyOf ?? [];
  const inner = issue.errors[intendedOption(options, value)] ?? [];
  const scalar = typeof value !== 'object' || value === null;
  if (scalar || inner.some((one) => one.path.length === 0 && one.code !== 'unrecognized_keys'))
    return [issue];
  return inner.flatMap((one) => flatten({ ...one, path: [...issue.path, ...one.path] }, json, data));
}

function unknownKey(key: string, path: PropertyKey[], known: string[]): Finding {
  return {
    code: 'KEY_UNKNOWN',
    what: `unknown key "${key}".`,
    fix: suggestion(key, known, 'keys'),
    path: [...path, key],
    at: 'key',
  };
}

function missingKey(key: string, expected: string, parent: PropertyKey[]): Finding {
  return {
    code: 'KEY_MISSING',
    what: `the key "${key}" is missing: expected ${expected}.`,
    path: parent,
    at: 'value',
  };
}

function wrongValue(issue: Issue, data: unknown): Finding {
  const { path } = issue;
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? 'another key';
    return {
      code: 'KEY_INVALID',
      what: `expected ${expected}, not "${String(path.at(-1))}".`,
      path,
      at: 'key',
    };
  }
  const value = valueAt(data, path);
  const words = choicesOf(issue);
  const near = typeof value === 'string' && words.length > 0 ? nearest(value, words) : null;
  return {
    code: unitPhrases.includes(issue.message) ? 'UNIT_INVALID' : 'VALUE_INVALID',
    what: `expected ${issue.message}, not ${shown(value)}.`,
    ...(near === null ? {} : { fix: `Did you mean "${near}"?` }),
    path,
    at: 'value',
  };
}

/** The words that would have been right here, in any alternative. */
const choicesOf = (issue: Issue): string[] =>
  issue.code === 'invalid_value'
    ? issue.values.map(String)
    : issue.code === 'invalid_union'
      ? issue.errors.flat().flatMap((inner) => choicesOf(inner))
      : [];

/** More of a text isn't quoted: it may be a whole file that is no YAML. */
const LONGEST_QUOTED = 80;

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return Object.keys(value).length > 0 ? 'a mapping' : '{}';
  if (typeof value === 'string' && value.length > LONGEST_QUOTED)
    return `${JSON.stringify(value.slice(0, LONGEST_QUOTED))}… (${value.length} characters)`;
  return JSON.stringify(value);
}
