import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageFolder } from '../../src/base/package.js';

const POLL_MS = 20;
const LIMIT_MS = 10_000;

/** A job that tells when it is there, and which signals it was ended by. */
const JOB = `import { appendFileSync, writeFileSync } from 'node:fs';
const tell = (what) => appendFileSync(process.env.TOLD, what + '\\n');
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    tell(signal);
    setTimeout(() => process.exit(130), 300);
  });
// So that one that nobody ends is not left.
setTimeout(() => undefined, 15_000);
tell('started');
`;
const SLOW_APT = `#!/bin/sh\necho started >>"$TOLD"\nexec /bin/sleep 60\n`;

/** A clone that is built, on a machine that lacks these programs; apt takes its time. */
async function clone(missing: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'deadair-'));
  const inRoot = (...names: string[]) => join(root, ...names);
  for (const name of ['src', 'node_modules', 'bin', 'sbin', 'test', 'dist/src/cli'])
    await mkdir(inRoot(name), { recursive: true });
  await cp(join(packageFolder(), 'src', 'bootstrap.mjs'), inRoot('src', 'bootstrap.mjs'));
  await writeFile(
    inRoot('src', 'programs.json'),
    JSON.stringify({ lab: missing, test: {}, conformance: {} }),
  );
  for (const name of ['package-lock.json', 'tsconfig.json', join('node_modules', '.deadair-lockfile')])
    await writeFile(inRoot(name), '{}');
  await writeFile(inRoot('dist', 'src', 'cli', 'main.js'), JOB);
  await writeFile(inRoot('dist', 'package.json'), '{"type":"module"}');
  await writeFile(inRoot('dist', 'tsconfig.tsbuildinfo'), '{}');
  await writeFile(inRoot('bin', 'apt-get'), SLOW_APT);
  await chmod(inRoot('bin', 'apt-get'), 0o755);
  await symlink('/usr/bin/setpriv', inRoot('bin', 'setpriv'));
  const toldFile = inRoot('told');
  await writeFile(toldFile, '');
  const env = { PATH: inRoot('bin'), TOLD: toldFile };
  const policy = inRoot('sbin', 'policy-rc.d');
  // Its /usr/sbin is a folder of the clone: the host's own is left alone.
  const elsewhere = 'mount --bind "$1" /usr/sbin && shift && exec "$@"';
  const inside = ['--mount', '--', '/bin/sh', '-c', `PATH=/bin:/usr/bin; ${elsewhere}`, 'sh', inRoot('sbin')];
  const argv = (job: string) => [
    ...inside,
    ...['/usr/bin/env', '-i', `PATH=${env.PATH}`, `TOLD=${env.TOLD}`],
    ...[process.execPath, inRoot('src', 'bootstrap.mjs'), job],
  ];
  const until = async (what: string, isSo: () => Promise<boolean> | boolean) => {
    for (const limit = performance.now() + LIMIT_MS; !(await isSo()); await delay(POLL_MS))
      assert.ok(performance.now() < limit, `${what}: not so within ${LIMIT_MS} ms`);
  };
  const told = async () => (await readFile(toldFile, 'utf8')).split('\n').filter(Boolean);
  const start = async (job: string) => {
    const process = spawn('/usr/bin/unshare', argv(job), { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(process, 'exit') as Promise<[number | null, string | null]>;
    await until('it has started', async () => (await told()).includes('started'));
    return { process, ended };
  };
  return {
    start,
    run: (job: string) => spawnSync('/usr/bin/unshare', argv(job), { encoding: 'utf8' }),
    told,
    until,
    policy,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

describe('set-up that is interrupted', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`hands ${signal} on to its job once, and ends with it`, async () => {
      await using there = await clone({});
      const { process, ended } = await there.start('start');
      process.kill(signal);
      process.kill(signal);
      assert.deepEqual(await ended, [130, null]);
      assert.deepEqual(await there.told(), ['started', signal]);
    });

  it('ends its job also where it is killed', async () => {
    await using there = await clone({});
    const { process, ended } = await there.start('start');
    process.kill('SIGKILL');
    await ended;
    await there.until('the job was told', async () => (await there.told()).includes('SIGTERM'));
  });

  it('lets services start again', async () => {
    await using there = await clone({ 'no-such-program': 'no-such-package' });
    const { process, ended } = await there.start('setup');
    assert.match(await readFile(there.policy, 'utf8'), /^#!\/bin\/sh\n# For .* \d+\nexit 101\n$/);
    process.kill('SIGTERM');
    assert.deepEqual(await ended, [130, null]);
    assert.ok(!existsSync(there.policy));
  });

  it('knows what one that was killed has left, and lets alone what is not its own', async () => {
    await using there = await clone({});
    const gone = spawnSync('/bin/true').pid;
    await writeFile(
      there.policy,
      `#!/bin/sh\n# For as long as deadair sets up, in process ${gone}\nexit 101\n`,
    );
    assert.match(there.run('setup').stderr, /^deadair setup: removed \/usr\/sbin\/policy-rc\.d/);
    assert.ok(!existsSync(there.policy));
    for (const others of [
      '#!/bin/sh\nexit 101\n',
      `#!/bin/sh\n# For as long as deadair sets up, in process ${process.pid}\n`,
    ]) {
      await writeFile(there.policy, others);
      assert.equal(there.run('setup').stderr, '');
      assert.equal(await readFile(there.policy, 'utf8'), others);
    }
  });
});
