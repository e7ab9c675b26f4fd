import assert from 'node:assert/strict';
import { execa } from 'execa';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import type { RunResult } from '../../../src/verdict/types.js';
import { CLI } from '../../fixtures/cli.js';
import type { TestEngine } from '../../fixtures/docker-engine.js';
import { blocksOf, pages } from '../../fixtures/docs.js';

const PAGE = 'docs/your-own-pbx.md';

/** docs/your-own-pbx.md as it is written: its commands, one after the other, by a shell, in a copy of the example. */
export function ownPbxTests(engine: () => TestEngine): void {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-own-'));
    const example = join('examples', 'your-own-pbx');
    await cp(join(packageFolder(), example), join(folder, example), { recursive: true });
    // `npx deadair` is this build.
    await mkdir(join(folder, 'bin'));
    const npx = join(folder, 'bin', 'npx');
    await writeFile(npx, `#!/bin/sh\nshift\nexec '${process.execPath}' '${CLI}' "$@"\n`);
    await chmod(npx, 0o755);
  });
  after(() => rm(folder, { recursive: true }));

  it(`goes from nothing to a verdict, as ${PAGE} is written`, async function () {
    this.timeout(400_000);
    const page = pages().find(({ file }) => file === PAGE);
    assert.ok(page);
    const commands = blocksOf(page)
      .filter(({ language }) => language === 'sh')
      .map(({ code }) => code);
    assert.ok(commands.some((code) => code.includes('mmdebstrap')));
    const { all, exitCode } = await execa('sh', ['-eux'], {
      input: commands.join(''),
      cwd: folder,
      env: { ...engine().environment, PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter) },
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
    const result = join(folder, 'examples', 'your-own-pbx', 'reports', 'first', 'result.json');
    const { scenarios } = JSON.parse(await readFile(result, 'utf8')) as RunResult;
    assert.deepEqual(
      scenarios.map(({ id, verdict, environment, diagnoses }) => [
        id,
        verdict,
        environment.runtime,
        ...diagnoses.slice(0, 1).map(({ code }) => code),
      ]),
      [
        ['first-trunk-gone', 'pass', 'docker'],
        ['first-trunk-gone@second-trunk-forgotten', 'fail', 'docker', 'NO_ADVANCE_ON_FAILURE'],
      ],
    );
  });
}
