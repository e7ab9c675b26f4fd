import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { diagnosisCodes } from '../../../src/scenario/diagnoses.js';

/** Words in capitals that are no codes of errors. */
const OTHERS = new Set<string>([
  ...diagnosisCodes,
  ...['NO_COLOR', 'GITHUB_ACTIONS', 'XDG_CACHE_HOME', 'VERSION_CODENAME', 'DEADAIR_DEBIAN_MIRROR'],
  ...['LOWER_UP', 'NET_ADMIN', 'NET_RAW', 'MULTIPLE_DOCS', 'DUPLICATE_KEY', 'PACKETS_LEFT_OUT'],
]);
/** What `analyze` finds in captures from the field is told in docs/analyze.md. */
const FINDINGS = 'measures/field/findings';

/** Every code that an error of `src/` may have: in capitals with an underscore, or given to DeadairError. */
function codesOf(source: string): string[] {
  const words = [...source.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)];
  const given = [...source.matchAll(/DeadairError\(\s*'([A-Z0-9_]+)'/g)];
  return [...words, ...given].map((match) => match[1] ?? '').filter((code) => !OTHERS.has(code));
}

describe('docs/troubleshooting.md', () => {
  const source = join(packageFolder(), 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith(FINDINGS),
  );
  const used = new Set(files.flatMap((file) => codesOf(readFileSync(join(source, file), 'utf8'))));
  const page = readFileSync(join(packageFolder(), 'docs', 'troubleshooting.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (`[A-Z].*?) \|/gm)].map((match) => match[1] ?? '');
  const told = rows.flatMap((cell) => [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map((match) => match[1] ?? ''));

  it('has an entry for every code of an error', () => {
    assert.ok(used.size > 120, `${used.size} codes found`);
    assert.deepEqual([...used].filter((code) => !told.includes(code)).sort(), []);
  });

  it('has none for codes that are no more, and none twice', () => {
    assert.deepEqual(told.filter((code) => !used.has(code)).sort(), []);
    assert.equal(new Set(told).size, told.length);
  });

  it('would notice a code of either kind', () => {
    assert.deepEqual(codesOf("fail('SOME_NEW_CODE', x)"), ['SOME_NEW_CODE']);
    assert.deepEqual(codesOf("new DeadairError(\n  'NEW', x)"), ['NEW']);
  });
});
