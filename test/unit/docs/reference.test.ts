import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { referencePage } from '../../../src/report/reference-page.js';
import { scenarioJsonSchema } from '../../../src/scenario/json-schema.js';

describe('docs/reference.md', () => {
  const page = readFileSync(join(packageFolder(), 'docs', 'reference.md'), 'utf8');

  it('is what the schema says', () => {
    assert.equal(page, referencePage(), 'It is out of date: deadair schema --page docs/reference.md');
  });

  it('has every key of a scenario, with what it is for', () => {
    for (const [key, { description }] of Object.entries(scenarioJsonSchema().properties ?? {})) {
      assert.ok(page.includes(`| \`${key}\``), key);
      assert.ok(page.includes((description ?? key).slice(0, 20)), description);
    }
  });

  it('has every fault and every expectation under a heading of its own', () => {
    const titles = new Set([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title));
    for (const title of ['Scenario timeline cut', 'Scenario timeline power', 'Scenario expect failback', 'Lab nodes'])
      assert.ok(titles.has(title), `${title}: ${[...titles].join(', ')}`);
  });

  it('names quantities by words, not by their patterns', () => {
    assert.match(page, /`for`.* a duration such as 20s or 150ms/);
    assert.doesNotMatch(page, /\(\?=/);
  });
});
