import { readFileSync } from 'node:fs';
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { SourcePlace } from '../base/errors.js';

/** Something wrong at a path of a YAML file: at a key of a mapping, or at a value. */
export interface Finding {
  code: string;
  what: string;
  fix?: string;
  path: PropertyKey[];
  at: 'key' | 'value';
}

/** A YAML file that parsed. */
export interface Source {
  file: string;
  data: unknown;
  /** Where the key or value at a path stands. */
  placeOf(at: Pick<Finding, 'path' | 'at'>): SourcePlace;
  /** The finding as an error at its file:line:col. */
  error(finding: Finding): DeadairError;
}

/** Reads one YAML document. Throws nothing: what is wrong with it is in `errors`. */
export function readYaml(file: string): { source: Source } | { errors: DeadairError[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    return { errors: [badInput('FILE_UNREADABLE', `cannot read ${file}: ${messageOf(cause)}.`, { cause })] };
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): SourcePlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0)
    return { errors: problems.slice(0, 1).map((problem) => yamlError(problem, placeAt, text)) };
  if (document.contents === null)
    return {
      errors: [badInput('FILE_EMPTY', 'the file is empty.', { place: { file, line: 1, column: 1 } })],
    };
  let data: unknown;
  try {
    data = document.toJS();
  } catch (cause) {
    const place = { file, line: 1, column: 1 };
    return { errors: [badInput('YAML_INVALID', `${messageOf(cause)}.`, { place, cause })] };
  }
  const placeOf = ({ path, at }: Pick<Finding, 'path' | 'at'>) => placeAt(offsetAt(document, path, at));
  const error = ({ code, what, fix, path, at }: Finding) =>
    badInput(code, what, {
      place: placeOf({ path, at }),
      ...(fix === undefined ? {} : { fix }),
    });
  return { source: { file, data, placeOf, error } };
}

function badInput(
  code: string,
  what: string,
  options: { fix?: string; place?: SourcePlace; cause?: unknown },
) {
  return new DeadairError(code, what, { exitCode: ExitCode.badInput, ...options });
}

function yamlError(problem: YAMLError, placeOf: (offset: number) => SourcePlace, text: string): DeadairError {
  const [start] = problem.pos;
  const place = placeOf(start);
  if (problem.code === 'MULTIPLE_DOCS')
    return badInput('YAML_DOCUMENTS', 'expected one document in the file, and a second begins here.', {
      place,
      fix: 'Put each scenario into a file of its own.',
    });
  if (problem.code === 'DUPLICATE_KEY') {
    const key = /^["']?([^\s:"']+)/.exec(text.slice(start))?.[1] ?? '';
    return badInput('KEY_DUPLICATE', `the key "${key}" stands here a second time.`, { place });
  }
  const bound = text[start] === '>' || text.slice(start - 1, start + 1) === '>=';
  return badInput('YAML_INVALID', `${problem.message.replace(/\.$/, '')}.`, {
    place,
    ...(bound ? { fix: 'A bound that begins with ">" needs quotes: ">= 95%".' } : {}),
  });
}

/** Where the key or value at `path` begins; the nearest thing around it, if there is none. */
function offsetAt(document: Document, path: PropertyKey[], at: 'key' | 'value'): number {
  let node = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step,
      );
      if (!pair) return offset;
      const keyOffset = (pair.key as Node).range?.[0] ?? offset;
      if (at === 'key' && depth === path.length - 1) return keyOffset;
      node = pair.value as Node | null;
      offset = node?.range?.[0] ?? keyOffset;
    } else if (isSeq(node)) {
      node = (node.items[Number(step)] ?? null) as Node | null;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
