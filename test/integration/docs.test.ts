import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CLI } from '../fixtures/cli.js';
import { blocksOf, pages, type Block } from '../fixtures/docs.js';

/** A block of YAML whose first line says where to put it. */
const fileOf = ({ language, code }: Block): string | null =>
  language === 'yaml' ? (/^# (\S+\.yaml)\n/.exec(code)?.[1] ?? null) : null;

/** What a page asks its reader to write and then to type. */
interface Walk {
  page: string;
  files: { name: string; text: string }[];
  commands: string[];
}

const walks: Walk[] = pages().flatMap((page) => {
  const blocks = blocksOf(page);
  const files = blocks.flatMap((block) => {
    const name = fileOf(block);
    return name === null ? [] : [{ name, text: block.code }];
  });
  const commands = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n'))
    .filter((line) => line.startsWith('npx deadair ') && files.some(({ name }) => line.includes(name)));
  return files.length === 0 ? [] : [{ page: page.file, files, commands }];
});

/** Ends with the code and all that was printed. */
const run = (command: string, cwd: string): Promise<{ code: number; printed: string }> =>
  new Promise((resolve) => {
    const args = command
      .replace(/\s#.*$/, '')
      .split(/\s+/)
      .slice(2);
    // The machine may be busy, as that of a reader who would try again.
    if (args[0] === 'run') args.push('--again', '1');
    execFile(process.execPath, [CLI, ...args], { cwd, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, printed: stdout + stderr }),
    );
  });

describe('scenarios that the documentation has its reader write', function () {
  this.timeout(240_000);

  it('are some', () => assert.ok(walks.some(({ page }) => page === 'README.md')));

  for (const { page, files, commands } of walks)
    it(`${page}: ${files.map(({ name }) => name).join(', ')}`, async () => {
      assert.ok(commands.length > 0, 'written, and never used');
      const folder = await mkdtemp(join(tmpdir(), 'deadair-docs-'));
      try {
        for (const { name, text } of files) {
          await mkdir(dirname(join(folder, name)), { recursive: true });
          await writeFile(join(folder, name), text);
        }
        for (const command of commands) {
          const { code, printed } = await run(command, folder);
          assert.equal(code, 0, `${command}\n${printed}`);
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });
});
