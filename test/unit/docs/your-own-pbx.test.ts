import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { blocksOf, pages } from '../../fixtures/docs.js';

const EXAMPLE = join(packageFolder(), 'examples', 'your-own-pbx');

/** Text of every file of the example. */
const texts = readdirSync(EXAMPLE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.tar'))
  .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));

describe('docs/your-own-pbx.md', () => {
  const page = pages().find(({ file }) => file === 'docs/your-own-pbx.md');
  const shown = (page ? blocksOf(page) : []).filter(
    ({ language, code }) => language === 'yaml' || code.includes('{{'),
  );

  it('shows the example as it is', () => {
    assert.ok(shown.length >= 4, `${shown.length} blocks`);
    for (const { line, code } of shown)
      assert.ok(
        texts.some((text) => text.includes(code)),
        `the block at line ${line} is in no file of the example`,
      );
  });
});
