import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageFolder } from '../../../src/base/package.js';
import { CLI } from '../../fixtures/cli.js';
import { edited } from '../../fixtures/inputs.js';

describe('a run whose image can not be built', () => {
  it('ends before anything of it starts, and says why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-run-'));
    const out = join(folder, 'out');
    const lab = join(folder, 'lab', 'dual-carrier');
    await cp(join(packageFolder(), 'lab', 'dual-carrier'), lab, { recursive: true });
    await cp(join(packageFolder(), 'lab', 'shared'), join(folder, 'lab', 'shared'), { recursive: true });
    const text = await readFile(join(lab, 'lab.yaml'), 'utf8');
    await writeFile(join(lab, 'lab.yaml'), edited(text, 'image: sbc\n', 'image: never\n'));
    await mkdir(join(folder, 'lab', 'images', 'never'), { recursive: true });
    const recipe = 'description: x\nsuite: unstable\npackages: [kamailio]\nprovides: [kamailio]\n';
    await writeFile(join(folder, 'lab', 'images', 'never', 'image.yaml'), recipe);
    await cp(join(packageFolder(), 'scenarios', 'trunk', 'steady.yaml'), join(folder, 'steady.yaml'));

    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [CLI, 'run', join(folder, 'steady.yaml'), '--out', out],
      {
        env: { XDG_CACHE_HOME: folder, DEADAIR_DEBIAN_MIRROR: 'http://127.0.0.1:9/debian' },
        reject: false,
      },
    );
    assert.match(stdout, /building image never: running apt-get update/);
    assert.match(stderr, /IMAGE_NOT_BUILT: image never: .*mirror can't be reached/s);
    assert.equal(exitCode, 3);
    assert.deepEqual(await readdir(out), []);
    await rm(folder, { recursive: true });
  });
});
