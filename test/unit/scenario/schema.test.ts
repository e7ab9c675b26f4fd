import assert from 'node:assert/strict';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { findScenarios } from '../../../src/scenario/find.js';
import { imageJsonSchema, labJsonSchema, scenarioJsonSchema } from '../../../src/scenario/json-schema.js';
import type { JsonSchema } from '../../../src/scenario/json-schema.js';
import { labNames, loadLab } from '../../../src/scenario/load-lab.js';
import { compilePlans } from '../../../src/plan/compile.js';
import { scenarioSchema } from '../../../src/scenario/schema.js';

/** Keys without a description, as paths. */
function undescribed(schema: JsonSchema, path = ''): string[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
      ...(value.description ? [] : [`${path}.${key}`]),
      ...undescribed(value, `${path}.${key}`),
    ]),
    ...inner.flatMap((one) => undescribed(one, path)),
    ...(typeof schema.additionalProperties === 'object'
      ? undescribed(schema.additionalProperties, `${path}.*`)
      : []),
  ];
}

describe('the schemas', () => {
  const schemas = { scenario: scenarioJsonSchema(), lab: labJsonSchema(), image: imageJsonSchema() };
  for (const [name, schema] of Object.entries(schemas)) {
    it(`of ${name} files describes every key for editors`, () => {
      assert.ok(Object.keys(schema.properties ?? {}).length >= 5);
      assert.deepEqual(undescribed(schema), []);
    });

    it(`of ${name} files knows no other keys`, () => assert.equal(schema.additionalProperties, false));
  }

  it('demand what has no default, and nothing more', () => {
    assert.deepEqual(scenarioJsonSchema().required, ['name', 'title', 'story', 'lab', 'traffic', 'expect']);
  });

  it('take the outline of the design', () => {
    const { success, error } = scenarioSchema.safeParse({
      name: 'carrier-a-cut',
      title: 'The primary carrier goes dark while people are dialling',
      story: 'why this happens in the field, and what good looks like',
      tags: ['trunk', 'pre-release', 'dr'],
      lab: 'dual-carrier',
      traffic: [{ name: 'office-out', from: 'desk', to: 'carrier-number', rate: '2/s', hold: '6s' }],
      timeline: [{ at: '15s', cut: 'sbc--carrier-a', mode: 'blackhole', for: '20s' }],
      expect: [
        { 'time-to-ringback': { p95: '<= 6s', in: 'fault' } },
        { 'one-way-audio': 'none' },
        { failback: { 'excess-transitions': 0, within: '30s' } },
      ],
      defects: [{ plant: 'sbc-without-probing', diagnosis: 'SLOW_DETECTION' }],
    });
    assert.ok(success, String(error));
  });
});

describe('what is shipped', () => {
  it('every lab is valid', () => {
    const folder = join(packageFolder(), 'lab');
    const names = labNames([folder]);
    assert.ok(names.includes('dual-carrier'));
    for (const name of names) {
      const loaded = loadLab(join(folder, name));
      assert.deepEqual('errors' in loaded ? loaded.errors.map(String) : [], []);
    }
  });

  it('every scenario is valid, has a twin, and compiles', () => {
    const loaded = findScenarios([join(packageFolder(), 'scenarios')]);
    assert.ok(loaded.length >= 4);
    for (const one of loaded) {
      assert.ok(one.scenario.defects.length > 0, one.file);
      assert.ok(one.file.endsWith(`/${one.scenario.name}.yaml`), one.file);
      const options = { seed: 1, defects: 'also', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
      assert.equal(compilePlans(one, options).length, 1 + one.scenario.defects.length);
    }
  });
});
