import assert from 'node:assert/strict';
import { execa } from 'execa';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanCache } from '../../../src/lab/images/clean.js';
import { ensureTarball } from '../../../src/lab/images/tarball.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import { nodeWith } from '../../fixtures/docker-images.js';

/** A stranger's root filesystem that netns takes: one static program, and links that lead out. */
describe('a tarball in namespaces', () => {
  let folder: string;
  let file: string;
  const cacheBefore = process.env['XDG_CACHE_HOME'];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
    const tree = join(folder, 'tree');
    await mkdir(join(tree, 'bin'), { recursive: true });
    await mkdir(join(tree, 'etc'));
    await copyFile('/bin/busybox', join(tree, 'bin', 'busybox'));
    for (const link of ['sh', 'cat']) await execa('ln', ['-s', 'busybox', join(tree, 'bin', link)]);
    await execa('ln', ['-s', '/run', join(tree, 'astray')]);
    file = join(folder, 'pbx.tar');
    await execa('tar', ['-C', tree, '-cf', file, '.']);
    await writeFile(join(folder, 'pbx.conf'), 'from outside');
  });
  after(async () => {
    if (cacheBefore === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = cacheBefore;
    await rm(folder, { recursive: true });
  });

  const start = (target: string) =>
    netnsRuntime.startNode(
      nodeWith({
        image: { kind: 'tarball', file },
        container: {
          files: [{ target, source: join(folder, 'pbx.conf') }],
          memoryBytes: null,
          cpus: null,
        },
      }),
      folder,
    );

  it("is the node's root, with its files at their places, read-only", async () => {
    await using node = await start('/etc/pbx/pbx.conf');
    assert.equal(await node.run(['cat', '/etc/pbx/pbx.conf']), 'from outside');
    await assert.rejects(node.run(['sh', '-c', 'echo x >/etc/pbx/pbx.conf']), /Read-only file system/);
    assert.equal((await node.run(['sh', '-c', 'echo /*'])).includes('/astray'), true);
  });

  it('binds no file where a link of the image leads to the host', async () => {
    await assert.rejects(start('/astray/deadair-test.conf'), /NODE_NOT_STARTED|leads out of the image/);
    assert.equal((await readdir('/run')).includes('deadair-test.conf'), false);
  });

  it('is unpacked once, and again when it has changed', async () => {
    const steps: string[] = [];
    const onStep = (step: string) => steps.push(step);
    const first = await ensureTarball(file, { onStep });
    assert.deepEqual(steps, []);
    await execa('touch', [file]);
    assert.notEqual((await ensureTarball(file, { onStep })).rootfs, first.rootfs);
    assert.deepEqual(steps, ['unpacking']);
    assert.equal((await cleanCache([])).removed.length, 2);
  });

  it('is refused if it is none, or has the layers of an image', async () => {
    const broken = join(folder, 'broken.tar');
    await writeFile(broken, 'not a tar at all');
    await assert.rejects(ensureTarball(broken), /no root filesystem that netns can take: tar:/);
    await writeFile(join(folder, 'manifest.json'), '[]');
    await execa('tar', ['-C', folder, '-cf', broken, 'manifest.json']);
    await assert.rejects(ensureTarball(broken), /layers that "docker save" writes.*/);
    assert.deepEqual(await readdir(join(folder, 'cache', 'deadair', 'images')), ['locks']);
  });
});
