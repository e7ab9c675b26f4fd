import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { ensureImage } from '../../../src/lab/images/ensure.js';
import { hostState, kill, processesMarked, until } from '../../fixtures/killed.js';
import { recipeOf } from '../../fixtures/images.js';

const HARNESS = join(packageFolder(), 'dist', 'test', 'fixtures', 'rootfs-harness.js');
const log = (folder: string) => join(folder, 'logs', 'pbx.sleeper.log');
const MOMENTS: [name: string, reached: (folder: string) => boolean][] = [
  ['before the disk is mounted', (folder) => existsSync(join(folder, 'disks', 'pbx'))],
  ['while the root is made', (folder) => existsSync(join(folder, 'disks', 'pbx', 'scratch', 'work'))],
  [
    'while a program runs in it',
    (folder) => existsSync(log(folder)) && readFileSync(log(folder), 'utf8') !== '',
  ],
];

describe('the harness of a node with an image, killed by SIGKILL', () => {
  before(async function () {
    this.timeout(15 * 60_000);
    await ensureImage(recipeOf('asterisk'));
  });
  for (const [name, reached] of MOMENTS)
    it(`leaves no process, no mount and no namespace, ${name}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
      const before = await hostState();
      const mark = `DEADAIR_CRASH_TEST=${randomUUID()}`;
      const [variable = '', value = ''] = mark.split('=');
      const harness = spawn(process.execPath, [HARNESS, folder], {
        env: { ...process.env, [variable]: value },
        stdio: 'ignore',
      });
      await until(`it is so: ${name}`, () => reached(folder));
      await kill(harness);
      await until('all its processes have ended', async () => (await processesMarked(mark)).length === 0);
      assert.deepEqual(await hostState(), before);
      // Nothing holds it any more.
      await rm(folder, { recursive: true });
    });

  it('says so if the run folder can hold no disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    // An overlay can't be the upper layer of another.
    const overlay =
      'mount -t tmpfs none "$1" && cd "$1" && mkdir lower upper scratch run && mount -t overlay';
    const script = `${overlay} -o lowerdir=lower,upperdir=upper,workdir=scratch none run && exec "$2" "$3" "$1/run"`;
    const { status, stderr } = spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', script, 'sh', folder, process.execPath, HARNESS],
      { encoding: 'utf8' },
    );
    assert.notEqual(status, 0);
    assert.match(stderr, /NODE_NOT_STARTED/);
    assert.match(stderr, /overlayfs can't keep the node's disk in .*: give --out a place on ext4/);
    await rm(folder, { recursive: true });
  });
});
