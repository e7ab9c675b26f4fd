import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideImage } from '../../../src/lab/docker/images.js';
import { busyboxFolder, savedImage } from '../../fixtures/docker-images.js';
import type { TestEngine } from '../../fixtures/docker-engine.js';
import { code } from './engine.js';

/** All ways by which an image comes into the engine, and what can be wrong with it. */
export function imageTests(engine: () => TestEngine): void {
  let folder: string;
  const said: string[] = [];
  const provide = (image: Parameters<typeof provideImage>[1]) =>
    provideImage(engine().engine, image, (what) => said.push(what));
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('builds a folder with a Dockerfile', async () => {
    const build = await busyboxFolder([
      'HEALTHCHECK CMD ["/bin/busybox", "true"]',
      'CMD ["/bin/busybox", "sleep", "1000"]',
    ]);
    const image = await provide({ kind: 'build-folder', folder: build });
    assert.match(image.id, /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(
      { hasProgram: image.hasProgram, hasHealthcheck: image.hasHealthcheck, isRecipe: image.isRecipe },
      { hasProgram: true, hasHealthcheck: true, isRecipe: false },
    );
    await engine().engine.docker.getImage(image.id).tag({ repo: 'deadair-test/office-pbx', tag: '17' });
    await rm(build, { recursive: true });
  });

  it('shows the output of a build that failed', async () => {
    const build = await busyboxFolder([
      'RUN ["/bin/busybox", "sh", "-c", "echo no frobnicator here; exit 3"]',
    ]);
    await assert.rejects(
      provide({ kind: 'build-folder', folder: build }),
      code('IMAGE_NOT_BUILT', /no frobnicator here/),
    );
    await rm(build, { recursive: true });
  });

  it('takes an image that the engine has by its name', async () => {
    const image = await provide({ kind: 'reference', reference: 'deadair-test/office-pbx:17' });
    assert.match(image.id, /^sha256:/);
  });

  it('names the nearest image for one that is nowhere', async () => {
    const missing = provide({ kind: 'reference', reference: 'deadair-test/ofice-pbx:17' });
    await assert.rejects(missing, code('IMAGE_NOT_FOUND', /Did you mean "deadair-test\/office-pbx:17"\?/));
  });

  it('loads what docker save wrote, once', async () => {
    const file = await savedImage(folder, engine().engine.architecture);
    const image = await provide({ kind: 'tarball', file });
    const before = said.length;
    assert.deepEqual(await provide({ kind: 'tarball', file }), image);
    assert.equal(said.length, before, 'the second time there is nothing to do');
  });

  it('refuses an image for another processor', async () => {
    const file = await savedImage(folder, 's390x');
    await assert.rejects(
      provide({ kind: 'tarball', file }),
      code('IMAGE_OTHER_PROCESSOR', /s390x.*--platform linux/),
    );
  });

  it('refuses a file that is no tarball', async () => {
    const file = join(folder, 'broken.tar');
    await writeFile(file, 'not a tar at all');
    await assert.rejects(
      provide({ kind: 'tarball', file }),
      code('IMAGE_UNREADABLE', /broken\.tar.*docker save/),
    );
  });
}
