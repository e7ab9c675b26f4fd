import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { profileTraces } from '../../../src/plan/traces/profile.js';
import { loadProfile, profileNames } from '../../../src/scenario/load-courses.js';
import type { Profile } from '../../../src/scenario/profile-schema.js';

const folder = join(packageFolder(), 'lab', 'profiles');
const ready = (name: string): Profile => {
  const loaded = loadProfile(join(folder, `${name}.yaml`));
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'));
  return loaded.profile;
};

describe('ready profiles', () => {
  const names = profileNames([folder]);

  it('are those that users ask for', () =>
    assert.deepEqual(names, [
      'congested-uplink',
      'dsl-saturated',
      'geo',
      'leo',
      'lte-drive',
      'nr-walk',
      'wifi-microwave',
    ]));

  for (const name of names)
    it(`${name} is valid, and makes traces`, () => {
      const { up, down } = profileTraces(ready(name));
      for (const trace of [up, down]) {
        assert.equal(trace.steps[0]?.atMs, 0);
        assert.ok(trace.lengthMs > (trace.steps.at(-1)?.atMs ?? Infinity));
      }
    });

  it('stand in the documentation, with their sources', () => {
    const table = [
      '| profile | what | source |',
      '|---|---|---|',
      ...names.map((name) => {
        const { title, source } = ready(name);
        return `| [\`${name}\`](../lab/profiles/${name}.yaml) | ${title} | ${source} |`;
      }),
    ].join('\n');
    const text = readFileSync(join(packageFolder(), 'docs', 'impairments.md'), 'utf8');
    const [, listed] = /<!-- profiles -->\n+([^]*?)\n+<!-- \/profiles -->/.exec(text) ?? [];
    assert.equal(listed, table);
  });
});

describe('a profile of one’s own', () => {
  let scratch: string;
  before(() => (scratch = mkdtempSync(join(tmpdir(), 'deadair-profile-'))));
  after(() => rmSync(scratch, { recursive: true }));
  const good = `name: line
title: A line
story: It is a line.
source: own
figures: [{ figure: all, origin: own }]
end: loop
length: 4s
down:
  - { at: 0s, delay: 10ms }
  - { at: 2s, delay: 20ms, jitter: 5ms }
`;
  const errors = (from: string, to: string) => {
    const file = join(scratch, 'line.yaml');
    writeFileSync(file, good.replace(from, to));
    const loaded = loadProfile(file);
    return 'errors' in loaded
      ? loaded.errors.map((error) => String(error).slice(String(error).indexOf('line.yaml')))
      : [];
  };

  it('is taken', () => assert.deepEqual(errors('', ''), []));

  const cases: [name: string, from: string, to: string, error: RegExp][] = [
    [
      'an unknown key',
      'source: own',
      'sorce: own',
      /^line\.yaml:4:1: KEY_UNKNOWN: unknown key "sorce"\. Did you mean "source"\?/,
    ],
    [
      'another name',
      'name: line',
      'name: lien',
      /^line\.yaml:1:7: PROFILE_MISNAMED: .* expected "line", not "lien"/,
    ],
    ['a late begin', 'at: 0s', 'at: 1s', /^line\.yaml:9:11: STEP_MISPLACED: the first step begins at 0s/],
    ['steps out of order', 'at: 2s', 'at: 0s', /^line\.yaml:10:11: STEP_MISPLACED: a step begins later/],
    [
      'a step past the end',
      'at: 2s',
      'at: 4s',
      /^line\.yaml:10:11: STEP_MISPLACED: a step begins before the profile ends/,
    ],
    ['jitter beyond the delay', 'jitter: 5ms', 'jitter: 50ms', /^line\.yaml:10:36: JITTER_EXCEEDS_DELAY/],
    ['a figure without origin', ', origin: own', '', /^line\.yaml:5:11: KEY_MISSING/],
  ];
  for (const [name, from, to, error] of cases)
    it(`is refused for ${name}`, () => assert.match(errors(from, to)[0] ?? '', error));
});
