import assert from 'node:assert/strict';
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netemAvailable } from '../../../src/emulator/netem.js';
import { CLI } from '../../fixtures/cli.js';
import { busyboxFolder } from '../../fixtures/docker-images.js';
import type { TestEngine } from '../../fixtures/docker-engine.js';
import { SHORT_SCENARIO, scenarioHome } from '../../fixtures/labs.js';

/** What a user meets by the command line when a lab can't be had: an error, what to do, exit code 3, and nothing left. */
export function refusalTests(engine: () => TestEngine): void {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs a lab in which a stranger's image is a PBX that nobody calls. */
  const run = async (image: string, args: string[] = [], environment: Record<string, string> = {}) => {
    const pbx = `  - { name: pbx, role: pbx, image: '${image}' }\n`;
    await using home = await scenarioHome(SHORT_SCENARIO, [
      ['  - { name: carrier-a, role', `${pbx}  - { name: carrier-a, role`],
      ['  - sbc--lan\n', '  - sbc--lan\n  - pbx--lan\n'],
    ]);
    const out = join(folder, 'run');
    const flags = ['--runtime', 'docker', '--out', out, ...args];
    const { exitCode, stderr } = await execa(process.execPath, [CLI, 'run', home.file, ...flags], {
      env: { ...engine().environment, ...environment },
      reject: false,
    });
    const left = await engine().engine.docker.listContainers({ all: true });
    assert.deepEqual(
      left.map(({ Names }) => Names),
      [],
    );
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
    return { exitCode, stderr, hasRunFolder: existsSync(out) };
  };

  it('has no engine: nothing is built or made for it', async () => {
    const { exitCode, stderr, hasRunFolder } = await run('office-pbx:17', [], {
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
      XDG_CACHE_HOME: folder,
    });
    assert.match(stderr, /DOCKER_MISSING: no Docker engine answers at \/nowhere\/docker\.sock\. Install/);
    assert.deepEqual([exitCode, hasRunFolder, existsSync(join(folder, 'deadair'))], [3, false, false]);
  });

  it('has no such image', async () => {
    const { exitCode, stderr } = await run('registry.invalid/office-pbx:17');
    assert.match(
      stderr,
      /IMAGE_NOT_FOUND: the engine has no image registry\.invalid\/office-pbx:17, and can't pull it/,
    );
    assert.equal(exitCode, 3);
  });

  it('has a container that ends at once', async () => {
    const build = await busyboxFolder([
      'CMD ["/bin/busybox", "sh", "-c", "echo cannot open the frobnicator; exit 9"]',
    ]);
    const { exitCode, stderr } = await run(`${build}/`);
    assert.match(stderr, /CONTAINER_ENDED: [\s\S]*ended with 9[\s\S]*cannot open the frobnicator/);
    assert.equal(exitCode, 3);
    await rm(build, { recursive: true });
  });

  it('has no netem, if that is asked for', async function () {
    if ((await netemAvailable()).ok) return this.skip();
    const { exitCode, stderr, hasRunFolder } = await run('office-pbx:17', ['--emulator', 'netem']);
    assert.match(
      stderr,
      /NETEM_MISSING: the kernel has no sch_netem\. Run "modprobe sch_netem", or use --emulator wire\./,
    );
    assert.deepEqual([exitCode, hasRunFolder], [3, false]);
  });
}
