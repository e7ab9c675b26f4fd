import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findScenarios } from '../../../src/scenario/find.js';
import { edited, errorsOf, inputFolder, scenarioText, standardFiles } from '../../fixtures/inputs.js';

describe('finding scenarios', () => {
  const other = edited(edited(scenarioText, 'name: cut', 'name: other'), 'tags: [dr]', 'tags: [tour, media]');
  let input: ReturnType<typeof inputFolder>;
  const at = (path: string) => join(input.folder, path);
  const names = (paths: string[], tags?: string[]) =>
    findScenarios(paths.map(at), tags ? { tags } : {}).map(({ scenario }) => scenario.name);

  before(() => {
    input = inputFolder({
      ...standardFiles,
      'scenarios/media/other.yml': other,
      'scenarios/notes.md': 'no scenario',
      'scenarios/.draft.yaml': 'broken: [',
      'same/cut.yaml': scenarioText,
      'broken/one.yaml': edited(scenarioText, 'at: 8s', 'at: 8'),
      'broken/two.yaml': 'x: [',
      'none/readme.md': '',
    });
  });
  after(() => input.dispose());

  it('takes files and whole folders, each scenario once', () => {
    assert.deepEqual(names(['scenarios']), ['cut', 'other']);
    assert.deepEqual(names(['scenarios/media/other.yml', 'scenarios']), ['other', 'cut']);
  });

  it('keeps those with one of the tags', () => {
    assert.deepEqual(names(['scenarios'], ['media']), ['other']);
    assert.deepEqual(names(['scenarios'], ['media', 'dr']), ['cut', 'other']);
    assert.match(
      errorsOf(() => names(['scenarios'], ['tuor']))[0] ?? '',
      /TAG_UNKNOWN .* Did you mean "tour"\?/,
    );
  });

  it('tells the errors of all files at once', () => {
    const errors = errorsOf(() => names(['scenarios', 'broken', 'missing']));
    assert.deepEqual(
      errors.map((error) => error.split(' ').slice(0, 2).join(' ')),
      ['- PATH_MISSING', 'one.yaml:11:11 UNIT_INVALID', 'two.yaml:1:5 YAML_INVALID'],
    );
  });

  it('refuses a folder without scenarios, and two of one name', () => {
    assert.match(errorsOf(() => names(['none']))[0] ?? '', /^- SCENARIOS_MISSING/);
    assert.match(
      errorsOf(() => names(['scenarios', 'same']))[0] ?? '',
      /^cut\.yaml:1:7 NAME_DUPLICATE the name "cut" is taken by .*scenarios\/cut\.yaml/,
    );
  });
});
