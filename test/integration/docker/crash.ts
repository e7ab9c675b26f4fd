import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { CLI } from '../../fixtures/cli.js';
import type { TestEngine } from '../../fixtures/docker-engine.js';
import { hostState, kill, processesMarked, until } from '../../fixtures/killed.js';

const SCENARIO = join(packageFolder(), 'scenarios', 'trunk', 'carrier-cut.yaml');
/** What tells that a run got somewhere; the harness is killed as soon as it's there. */
const MOMENTS: [name: string, reached: (folder: string) => boolean][] = [
  ['when its first node starts', (folder) => existsSync(join(folder, 'logs'))],
  ['when captures start', (folder) => existsSync(join(folder, 'captures', 'desk.lan.pcap'))],
  ['when the SBC starts', (folder) => existsSync(join(folder, 'logs', 'sbc.kamailio.log'))],
  ['when calls are up', (folder) => existsSync(join(folder, 'logs', 'desk.sipp-office-out.log'))],
];

/** SIGKILL at any moment leaves nothing but the run folder: the engine has what it had, and so has the host. */
export function crashTests(engine: () => TestEngine): void {
  for (const [name, reached] of MOMENTS) {
    it(`leaves nothing but the run folder, ${name}`, async () => {
      const out = await mkdtemp(join(tmpdir(), 'deadair-'));
      const before = await stateOf(engine());
      const [variable, value] = ['DEADAIR_CRASH_TEST', randomUUID()];
      const harness = spawn(process.execPath, [CLI, 'run', SCENARIO, '--runtime', 'docker', '--out', out], {
        env: { ...process.env, ...engine().environment, [variable]: value },
        stdio: 'ignore',
      });
      await until(`the run is there: ${name}`, () => reached(join(out, 'carrier-cut')));
      await kill(harness);
      await until('all processes of the run have ended, the keeper too', async () => {
        return (await processesMarked(`${variable}=${value}`)).length === 0;
      });
      assert.deepEqual(await stateOf(engine()), before);
      await rm(out, { recursive: true });
    });
  }
}

/** What a run could leave on the engine or on the host. */
async function stateOf({ engine }: TestEngine) {
  const { docker } = engine;
  const [containers, volumes, networks] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listVolumes(),
    docker.listNetworks(),
  ]);
  const namespaces = await Promise.all(
    (await readdir('/proc')).map((pid) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')),
  );
  return {
    ...(await hostState()),
    containers: containers.map(({ Names }) => Names),
    volumes: volumes.Volumes.map(({ Name }) => Name),
    networks: networks.map(({ Name }) => Name).sort(),
    // A container's processes are in a group of its name.
    processes: namespaces.filter((groups) => /[0-9a-f]{64}/.test(groups)).length,
  };
}
