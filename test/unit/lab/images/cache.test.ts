import assert from 'node:assert/strict';
import { placeOf } from '../../../../src/lab/images/cache.js';
import { buildCommand } from '../../../../src/lab/images/mmdebstrap.js';
import { notBuilt } from '../../../../src/lab/images/not-built.js';
import type { ImageRecipe } from '../../../../src/scenario/load-images.js';

const recipe: ImageRecipe = {
  name: 'pbx',
  description: 'A PBX',
  suite: 'unstable',
  packages: ['asterisk'],
  provides: ['asterisk'],
  setup: null,
};
const mirror = { suite: 'unstable', lines: ['deb http://mirror.example/debian unstable main'] };

describe("an image's place in the cache", () => {
  it('changes with everything that it is made from, and with nothing else', async () => {
    const hashOf = async (change: Partial<ImageRecipe>) => (await placeOf({ ...recipe, ...change })).hash;
    const base = await hashOf({});
    assert.match(base, /^[0-9a-f]{16}$/);
    assert.equal(await hashOf({ description: 'Another text' }), base);
    const changes: Partial<ImageRecipe>[] = [
      { suite: 'host' },
      { packages: ['asterisk', 'sox'] },
      { provides: ['sox'] },
      { setup: 'true' },
    ];
    const others = await Promise.all(changes.map(hashOf));
    assert.equal(new Set([base, ...others]).size, changes.length + 1);
  });

  it('is in the cache of the user', async () => {
    const before = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = '/cache';
    try {
      const { folder, rootfs, hash } = await placeOf(recipe);
      assert.deepEqual([folder, rootfs], [`/cache/deadair/images/pbx-${hash}`, `${folder}/rootfs`]);
    } finally {
      if (before === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = before;
    }
  });
});

describe('the command that builds an image', () => {
  it('names suite, mirror and packages, and dies with the harness', () => {
    const command = buildCommand({ ...recipe, packages: ['asterisk', 'sox'] }, mirror, '/cache/rootfs');
    assert.deepEqual(command.slice(0, 3), ['setpriv', '--pdeathsig', 'KILL']);
    assert.ok(command.includes('--kill-child=KILL'));
    assert.ok(command.includes('--include=asterisk,sox'));
    assert.deepEqual(command.slice(-3), ['unstable', '/cache/rootfs', ...mirror.lines]);
  });

  it('hands the set-up script on as it is', () => {
    const hooks = (setup: string) =>
      buildCommand({ ...recipe, setup }, mirror, '/r').filter((word) => word.startsWith('--customize-hook'));
    assert.equal(hooks("echo 'a b'")[0], `--customize-hook=chroot "$1" sh -eu -c 'echo '\\''a b'\\'''`);
  });
});

describe('a build that failed', () => {
  const fixes: [log: string, fix: RegExp][] = [
    ['unshare: failed to execute mmdebstrap: No such file or directory', /apt-get install mmdebstrap/],
    ['dpkg: error: failed to write: No space left on device', /disk space/],
    ['E: The repository is not signed. NO_PUBKEY 6ED0E7B82643E131', /debian-archive-keyring/],
    ['E: Unable to locate package astersik', /recipe names a package/],
    ['Err:1 http://mirror.example Temporary failure resolving', /mirror can't be reached/],
    ['unshare: unshare failed: Operation not permitted', /root/],
  ];
  for (const [log, fix] of fixes)
    it(`says what to do about "${log}"`, () => {
      const error = notBuilt('pbx', 'its build failed', ['I: running', log], '/cache/pbx.log');
      assert.match(error.fix ?? '', fix);
      assert.ok(error.message.includes(log) && error.message.includes('/cache/pbx.log'));
      assert.deepEqual([error.code, error.exitCode], ['IMAGE_NOT_BUILT', 3]);
    });

  it('makes nothing up about what it does not know', () => {
    assert.equal(notBuilt('pbx', 'its build failed', ['E: something else'], '/l').fix, undefined);
  });
});
