import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { pages } from '../../fixtures/docs.js';

/** The anchor that a heading has on the usual hosts of Markdown. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

describe('links of the documentation', () => {
  for (const { file, text } of pages())
    it(`of ${file} lead somewhere`, () => {
      const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
      const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => match[1] ?? '')
        .filter((link) => !/^(https?|mailto):/.test(link))
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const target = join(packageFolder(), path === '' ? file : normalize(join(dirname(file), path)));
          if (!existsSync(target)) return true;
          if (anchor === undefined) return false;
          const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)];
          return !headings.some((heading) => anchorOf(heading[1] ?? '') === anchor);
        });
      assert.deepEqual(broken, []);
    });
});
