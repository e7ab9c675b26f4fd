import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { CLI } from '../../fixtures/cli.js';

/** Nothing but what is essential, and one package. */
const tiny = `description: Small and quick
packages: [netbase]
provides: [ls]
setup: echo 'set up, it''s done' >/etc/set-up
`;
const BUILD_LIMIT_MS = 10 * 60_000;

describe('building an image', function () {
  this.timeout(BUILD_LIMIT_MS);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-images-'));
    await recipe(tiny);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const recipe = async (text: string) => {
    await mkdir(join(folder, 'lab', 'images', 'tiny'), { recursive: true });
    await writeFile(join(folder, 'lab', 'images', 'tiny', 'image.yaml'), text);
  };
  const options = (env: Record<string, string> = {}) => ({
    cwd: folder,
    env: { XDG_CACHE_HOME: folder, ...env },
    reject: false,
  });
  const build = async (env: Record<string, string> = {}, before: string[] = []) => {
    const [file = '', ...args] = [...before, process.execPath, CLI, 'images', 'build', 'tiny'];
    return await execa(file, args, options(env));
  };
  const images = (...args: string[]) => execa(process.execPath, [CLI, 'images', ...args], options());
  const cached = async () =>
    (await readdir(join(folder, 'deadair', 'images')).catch(() => [])).filter((name) =>
      name.startsWith('tiny-'),
    );

  it('is done once for all who ask, and leaves a whole image and its log', async () => {
    const [one, other] = await Promise.all([build(), build()]);
    assert.deepEqual([one.exitCode, other.exitCode], [0, 0], `${one.stderr}\n${other.stderr}`);
    const waited = [one, other].filter(({ stderr }) => stderr.includes('waiting for another build'));
    const built = [one, other].filter(({ stderr }) => stderr.includes('downloading packages'));
    assert.deepEqual([waited.length, built.length], [1, 1]);
    assert.equal(one.stdout, other.stdout);
    const [name = '', ...more] = await cached();
    assert.deepEqual(more, []);
    const image = join(folder, 'deadair', 'images', name);
    assert.equal(await readFile(join(image, 'rootfs', 'etc', 'set-up'), 'utf8'), 'set up, its done\n');
    assert.match(await readFile(join(image, 'build.log'), 'utf8'), /success/);
    for (const file of ['etc/resolv.conf', 'etc/hostname', 'usr/share/man/man1'])
      assert.ok(!existsSync(join(image, 'rootfs', file)), file);
    const again = await build();
    assert.deepEqual([again.stderr, again.stdout], ['', one.stdout]);

    const rows = JSON.parse((await images('--json')).stdout) as {
      name: string;
      built: { bytes: number } | null;
    }[];
    const bytes = rows.find((row) => row.name === 'tiny')?.built?.bytes ?? 0;
    assert.ok(bytes > 20e6 && bytes < 200e6, String(bytes));
    assert.match((await images('clean')).stdout, /nothing to remove/);
    await recipe(tiny.replace('netbase', 'netbase, iproute2'));
    assert.match((await images('clean')).stdout, new RegExp(`removed .*${name}`));
    assert.deepEqual(await cached(), []);
  });

  it('that is killed leaves no process, and what it left is removed by the next', async () => {
    const killed = spawn(process.execPath, [CLI, 'images', 'build', 'tiny'], {
      ...options(),
      env: { ...process.env, XDG_CACHE_HOME: folder },
      stdio: 'ignore',
    });
    const leftover = async () => (await cached()).find((name) => name.includes('.building-'));
    const isInside = async () => {
      const name = await leftover();
      return name !== undefined && existsSync(join(folder, 'deadair', 'images', name, 'rootfs', 'usr'));
    };
    await until('the build unpacks', isInside);
    assert.match((await images('clean')).stdout, /left .*: it is being built/);
    const ended = new Promise((resolve) => killed.once('exit', resolve));
    killed.kill('SIGKILL');
    await ended;
    // By its death alone: without that, it would end when it next says something.
    await until('all of it has ended', async () => (await processesNaming(folder)).length === 0, 4000);
    assert.ok(!(await readFile('/proc/self/mountinfo', 'utf8')).includes(folder));
    assert.ok(await leftover());
    assert.equal(
      (await build({ DEADAIR_DEBIAN_MIRROR: 'http://127.0.0.1:9/debian', PATH: '/nowhere' })).exitCode,
      3,
    );
    assert.equal(await leftover(), undefined);
  });

  const failures: [why: string, fails: () => Promise<{ exitCode?: number; stderr: string }>, fix: RegExp][] =
    [
      [
        'a mirror that is not there',
        async () => {
          await recipe(`${tiny}suite: unstable\n`);
          return await build({ DEADAIR_DEBIAN_MIRROR: 'http://127.0.0.1:9/debian' });
        },
        /mirror can't be reached/,
      ],
      [
        'a package that is not there',
        async () => {
          await recipe(tiny.replace('netbase', 'no-such-package'));
          return await build();
        },
        /names a package that the suite does not have/,
      ],
      [
        'a full disk',
        () => build({}, ['unshare', '--mount', 'sh', '-c', fullDisk(folder), 'sh']),
        /Free some disk space/,
      ],
      [
        'mmdebstrap missing',
        async () => {
          for (const program of ['unshare', 'setpriv', 'sh'])
            await symlink(`/usr/bin/${program}`, join(folder, program));
          return await build({ PATH: folder });
        },
        /apt-get install mmdebstrap/,
      ],
      [
        'anyone but root',
        () => build({ HOME: '/' }, ['setpriv', '--reuid', '65534', '--clear-groups']),
        /Run "sudo deadair images build tiny"/,
      ],
    ];
  for (const [why, fails, fix] of failures)
    it(`fails with ${why}, says so, and leaves nothing half-done`, async () => {
      await execa('chmod', ['-R', 'a+rwX', folder]);
      const { exitCode, stderr } = await fails();
      assert.match(stderr, /IMAGE_NOT_BUILT: image tiny: /);
      assert.match(stderr, fix);
      assert.equal(exitCode, 3);
      assert.deepEqual(
        (await cached()).filter((name) => !name.endsWith('.log')),
        [],
      );
    });

  it('fails if a program is not there that the recipe promises', async () => {
    await recipe(tiny.replace('[ls]', '[kamailio]'));
    const { exitCode, stderr } = await build();
    assert.match(stderr, /its packages bring no program "kamailio"/);
    assert.equal(exitCode, 3);
    assert.deepEqual(
      (await cached()).filter((name) => !name.endsWith('.log')),
      [],
    );
  });

  it('does not begin with a recipe that is wrong', async () => {
    await recipe(tiny.replace('packages', 'packges'));
    const { exitCode, stderr } = await build();
    assert.match(stderr, /image\.yaml:2:1: KEY_UNKNOWN/);
    assert.equal(exitCode, 64);
  });
});

/** Shell text that puts a small file system over the cache, and then runs the rest. */
const fullDisk = (folder: string) =>
  `mkdir -p ${folder}/deadair && mount -t tmpfs -o size=40m none ${folder}/deadair && exec "$@"`;

async function until(what: string, condition: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, `${what}: not within ${limitMs} ms`);
    await delay(20);
  }
}

/** Processes whose environment or arguments name a folder. */
async function processesNaming(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const texts = await Promise.all(
    pids.map(async (pid) => {
      const parts = ['environ', 'cmdline'].map((name) =>
        readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => ''),
      );
      return (await Promise.all(parts)).join('');
    }),
  );
  return pids.filter((_, index) => texts[index]?.includes(folder));
}
