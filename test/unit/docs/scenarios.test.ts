import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { scenarioIndex, scenarioPage } from '../../../src/report/scenario-page.js';
import { findScenarios } from '../../../src/scenario/find.js';

const FIX = 'deadair list --pages docs/scenarios';

describe('the pages of the scenarios', () => {
  const folder = join(packageFolder(), 'docs', 'scenarios');
  const found = findScenarios([join(packageFolder(), 'scenarios')]);
  const page = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('are those of the scenarios that there are', () => {
    const names = found.map(({ scenario }) => `${scenario.name}.md`);
    assert.deepEqual(readdirSync(folder).sort(), ['README.md', ...names].sort(), FIX);
    assert.equal(page('README.md'), scenarioIndex(found), FIX);
  });

  for (const loaded of found)
    it(`tell what is in the file, of ${loaded.scenario.name}`, () => {
      assert.equal(page(`${loaded.scenario.name}.md`), scenarioPage(loaded, folder), FIX);
    });
});
