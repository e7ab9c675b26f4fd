import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packageFolder } from '../../src/base/package.js';

/** The rooms of the house, in the one order in which they may import: each only from itself and those before it. */
const ROOMS = [
  ['base'],
  ['audio'],
  ['scenario'],
  ['plan'],
  ['runfolder'],
  ['emulator'],
  ['lab'],
  ['faults', 'calls'],
  ['evidence'],
  ['measures'],
  ['verdict'],
  ['report'],
  ['run', 'run.ts'],
  ['cli'],
];
/** What judges works offline, from the run folder alone: it may not know the half that runs. */
const JUDGING = new Set(['evidence', 'measures', 'verdict', 'report']);
const LIVE = new Set(['emulator', 'lab', 'faults', 'calls']);

/** An import, or the file of a thread. Its groups: `type`, if it takes types only, and the specifier. */
const IMPORT =
  /(?:(?:import|export)(?:\s+(type)\b)?[^;'"()]*\bfrom|import|new URL\()\s*\(?['"](\.[^'"]+)['"]/g;

interface Import {
  from: string;
  to: string;
  /** Types are gone when it runs, and a thread starts from its own file. */
  isLoaded: boolean;
}

describe('the house', () => {
  const source = join(packageFolder(), 'src');
  const imports = importsBelow(source);

  it('has no file outside of its rooms', () => {
    const known = new Set([...ROOMS.flat(), 'bootstrap.mjs', 'programs.json']);
    assert.deepEqual(
      readdirSync(source).filter((name) => !known.has(name)),
      [],
    );
  });

  it('imports one way only', () => {
    assert.ok(imports.length > 100, 'the walk finds imports');
    assert.deepEqual(
      imports.filter(
        ({ from, to }) =>
          rank(to) > rank(from) || (rank(to) === rank(from) && room(to) !== room(from) && !isRun(from)),
      ),
      [],
    );
  });

  it('keeps the judging half from the live half', () => {
    assert.deepEqual(
      imports.filter(({ from, to }) => JUDGING.has(room(from)) && LIVE.has(room(to))),
      [],
    );
  });

  it('has no circle of files that load each other', () => {
    assert.deepEqual(inCircles(imports.filter(({ isLoaded }) => isLoaded)), []);
  });

  it('notices a step back, and a circle', () => {
    assert.ok(rank('report/html.ts') > rank('base/errors.ts'));
    assert.throws(() => rank('utils/misc.ts'), /no room/);
    const way = (from: string, to: string) => ({ from, to, isLoaded: true });
    assert.deepEqual(inCircles([way('a', 'b'), way('b', 'c'), way('c', 'b'), way('c', 'd')]), ['b', 'c']);
  });

  function importsBelow(folder: string): Import[] {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    return files.flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return [...text.matchAll(IMPORT)].map(([all, type, specifier = '']) => ({
        from: file,
        to: relative(folder, resolve(folder, dirname(file), specifier)).replace(/\.js$/, '.ts'),
        isLoaded: type === undefined && !all.startsWith('new URL'),
      }));
    });
  }
});

const room = (file: string) => file.split('/')[0] ?? '';
const isRun = (file: string) => room(file) === 'run' || file === 'run.ts';

function rank(file: string): number {
  const found = ROOMS.findIndex((rooms) => rooms.includes(room(file)));
  if (found < 0) throw new Error(`${file} is in no room of the house`);
  return found;
}

/** Files from which imports lead back to them: what is left once all that nobody imports, or that imports nothing, is gone. */
function inCircles(imports: readonly Import[]): string[] {
  const left = imports.filter(
    ({ from, to }) => imports.some((one) => one.to === from) && imports.some((one) => one.from === to),
  );
  if (left.length < imports.length) return inCircles(left);
  return [...new Set(left.map(({ from }) => from))].sort();
}
