import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { execa } from 'execa';
import { Masks } from '../../../src/base/masks.js';
import { LABELS, ownerOf } from '../../../src/lab/docker/labels.js';
import { openDocker } from '../../../src/lab/docker/runtime.js';
import type { Cleaned } from '../../../src/run/clean.js';
import { CLI } from '../../fixtures/cli.js';
import type { TestEngine } from '../../fixtures/docker-engine.js';

/** What is removed when a run starts, and what never is. */
export function leftoverTests(engine: () => TestEngine): void {
  it('removes what a dead run left, and nothing of a living one or of a stranger', async () => {
    const { docker } = engine().engine;
    const self = ownerOf(process.pid) ?? '';
    const make = async (labels: Record<string, string>) =>
      await docker.createContainer({
        Image: 'deadair-test/office-pbx:17',
        Labels: labels,
        HostConfig: { NetworkMode: 'none' },
      });
    const containers = {
      stranger: await make({ 'com.example.deadair': 'yes' }),
      living: await make({ [LABELS.run]: 'living', [LABELS.owner]: self }),
      elsewhere: await make({ [LABELS.owner]: self.replace(/pid:\[\d+\]/, 'pid:[1]').replace(/\d+$/, '1') }),
      dead: await make({ [LABELS.run]: 'dead', [LABELS.owner]: deadOwner(self) }),
      otherBoot: await make({ [LABELS.owner]: self.replace(/^\S+/, 'another-boot') }),
      reusedPid: await make({ [LABELS.owner]: self.replace(/\d+$/, '1') }),
    };
    const runtime = await openDocker({ environment: engine().environment, masks: new Masks([]) });
    const left = await Promise.all(
      Object.entries(containers).map(async ([name, one]) => ((await isThere(one)) ? name : null)),
    );
    await runtime[Symbol.asyncDispose]();
    for (const one of Object.values(containers)) await one.remove({ force: true }).catch(() => undefined);
    assert.deepEqual(left.filter(Boolean), ['stranger', 'living', 'elsewhere']);
  });

  it('removes by deadair clean what dead runs left, running or not, and by --dry-run nothing', async () => {
    const { engine: started, environment } = engine();
    const self = ownerOf(process.pid) ?? '';
    const make = async (Labels: Record<string, string>, runs: boolean) => {
      const container = await started.docker.createContainer({
        ...{ Image: 'deadair-test/office-pbx:17', Labels, HostConfig: { NetworkMode: 'none' } },
      });
      if (runs) await container.start();
      return container;
    };
    const dead = { [LABELS.run]: 'dead', [LABELS.owner]: deadOwner(self) };
    const containers = {
      stopped: await make(dead, false),
      running: await make(dead, true),
      living: await make({ [LABELS.run]: 'living', [LABELS.owner]: self }, true),
      stranger: await make({}, true),
    };
    const runs = await mkdtemp(join(tmpdir(), 'deadair-'));
    const clean = (...args: string[]) =>
      execa(process.execPath, [CLI, 'clean', runs, ...args], { env: environment });
    const left = async () => {
      const all = Object.entries(containers).map(async ([name, one]) => ((await isThere(one)) ? [name] : []));
      return (await Promise.all(all)).flat();
    };
    try {
      assert.match(
        (await clean('--dry-run')).stdout,
        /^would remove 2 containers of runs that are no more$/m,
      );
      assert.deepEqual(await left(), ['stopped', 'running', 'living', 'stranger']);
      assert.match((await clean()).stdout, /^removed 2 containers of runs that are no more$/m);
      assert.deepEqual(await left(), ['living', 'stranger']);
      assert.equal((await containers.stranger.inspect()).State.Running, true);
      assert.equal((JSON.parse((await clean('--json')).stdout) as Cleaned).containers, 0);
    } finally {
      for (const one of Object.values(containers)) await one.remove({ force: true }).catch(() => undefined);
      await rm(runs, { recursive: true });
    }
  });
}

/** An owner like this process that has ended. */
function deadOwner(self: string): string {
  const { pid } = spawnSync('true');
  return self.replace(/ \d+ \d+$/, ` ${pid} 1`);
}

const isThere = (container: Docker.Container) =>
  container.inspect().then(
    () => true,
    () => false,
  );
