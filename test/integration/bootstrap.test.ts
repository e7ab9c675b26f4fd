import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../../src/base/package.js';

/** A clone whose npm packages are installed, on a machine that has the given programs on its PATH and none else. */
async function clone(programs: string[]) {
  const root = await mkdtemp(join(tmpdir(), 'deadair-'));
  await chmod(root, 0o755);
  for (const name of ['src', 'node_modules', 'bin']) await mkdir(join(root, name));
  for (const file of ['bootstrap.mjs', 'programs.json'])
    await cp(join(packageFolder(), 'src', file), join(root, 'src', file));
  for (const name of ['package-lock.json', join('node_modules', '.deadair-lockfile')])
    await writeFile(join(root, name), '{}');
  for (const program of programs) await symlink('/bin/true', join(root, 'bin', program));
  const bootstrap = (job: string, user = 'root') => {
    const argv = [process.execPath, join(root, 'src', 'bootstrap.mjs'), job];
    const env = { PATH: join(root, 'bin') };
    const as =
      user === 'root' ? [] : ['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const [file = '', ...args] = [...as, ...argv];
    return spawnSync(file, args, { encoding: 'utf8', env });
  };
  return { bootstrap, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

describe('set-up', () => {
  it('without root names the exact command to run, and nothing else', async () => {
    await using there = await clone(['apt-get']);
    const { status, stderr } = there.bootstrap('setup', 'nobody');
    assert.equal(status, 3);
    assert.match(
      stderr,
      /^deadair setup: missing: .*sipp.*\. Run as root: {2}sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends .*sip-tester.*'\n$/,
    );
  });

  it('without apt names what is missing', async () => {
    await using there = await clone([]);
    const { status, stderr } = there.bootstrap('setup');
    assert.equal(status, 3);
    assert.match(stderr, /^deadair setup: missing: .*sipp.*This isn't Debian or Ubuntu/);
    assert.equal(stderr.trim().split('\n').length, 1);
  });

  it('knows its jobs', async () => {
    await using there = await clone([]);
    assert.match(
      there.bootstrap('stop').stderr,
      /there is no job "stop"; there are setup, start, bench, test, conformance/,
    );
  });
});
