import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageFolder } from '../../src/base/package.js';

/** What tells that a run got somewhere; the harness is killed as soon as it's there. */
const MOMENTS: [name: string, reached: (folder: string) => boolean][] = [
  ['when its first node starts', (folder) => existsSync(join(folder, 'logs'))],
  ['when captures start', (folder) => existsSync(join(folder, 'captures', 'desk.lan.pcap'))],
  ['when the SBC starts', (folder) => existsSync(join(folder, 'logs', 'sbc.kamailio.log'))],
  ['when calls are up', (folder) => existsSync(join(folder, 'logs', 'desk.sipp-office-out.log'))],
];
/** Nodes without power, standing still and starved when the harness dies. */
const FAULTS = `name: carrier-cut
title: Faults of nodes
story: They hold when the harness dies.
lab: dual-carrier
duration: 30s
traffic: [{ name: office-out, from: desk, to: carrier-number, rate: 1/s, hold: 2s }]
timeline:
  - { at: 300ms, power: carrier-a }
  - { at: 300ms, freeze: carrier-b }
  - { at: 300ms, starve: sbc, cpu: 20% }
expect: [{ one-way-audio: none }]
`;
const LIMIT_MS = 20_000;
/** Where groups that limit processor time are made, by cgroup v1 and v2. */
const CGROUPS = ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpuacct'];
const CLI = join(packageFolder(), 'dist', 'src', 'cli', 'main.js');
const SCENARIO = join(packageFolder(), 'scenarios', 'trunk', 'carrier-cut.yaml');

describe('the harness killed by SIGKILL', function () {
  this.timeout(60_000);
  for (const [name, reached] of MOMENTS)
    it(`leaves nothing but the run folder, ${name}`, () => killWhen(name, reached, SCENARIO));

  it('leaves nothing but the run folder, while nodes are off, frozen and starved', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    const scenario = join(folder, 'faults.yaml');
    await writeFile(scenario, FAULTS);
    const applied = (run: string) =>
      existsSync(join(run, 'journal.jsonl')) &&
      readFileSync(join(run, 'journal.jsonl'), 'utf8').split('"fault-applied"').length === 4;
    await killWhen('all faults are applied', applied, scenario);
    await rm(folder, { recursive: true });
  });
});

/** Kills the harness at a moment of a run, and looks at what is left. */
async function killWhen(name: string, reached: (folder: string) => boolean, scenario: string): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), 'deadair-'));
  const before = await hostState();
  // Every process of the run inherits the mark, whatever namespace it is in.
  const mark = `DEADAIR_CRASH_TEST=${randomUUID()}`;
  const [variable = '', value = ''] = mark.split('=');
  const harness = spawn(process.execPath, [CLI, 'run', scenario, '--out', out], {
    env: { ...process.env, [variable]: value },
    stdio: 'ignore',
  });
  await until(`the run is there: ${name}`, () => reached(join(out, 'carrier-cut')));
  await until(
    'the mark finds the processes of the run',
    async () => (await processesMarked(mark)).length > 1,
  );
  await kill(harness);
  await until('all processes of the run have ended', async () => (await processesMarked(mark)).length === 0);
  assert.deepEqual(await hostState(), before);
  await rm(out, { recursive: true });
}

async function kill(harness: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => harness.once('exit', resolve));
  harness.kill('SIGKILL');
  await ended;
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, `${what}: not within ${LIMIT_MS} ms`);
    await delay(10);
  }
}

/** Processes with this environment. A zombie has none: it's dead, and waits for its new parent to notice. */
async function processesMarked(mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) =>
      (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(mark),
    ),
  );
  return pids.filter((_, index) => marked[index]);
}

/** What a run could leave on the host. */
async function hostState() {
  return {
    interfaces: Object.keys(networkInterfaces()),
    devices: (await readdir('/sys/class/net')).sort(),
    mounts: await readFile('/proc/self/mountinfo', 'utf8'),
    namespaceFiles: existsSync('/run/netns') ? await readdir('/run/netns') : [],
    run: (await readdir('/run')).sort(),
    shm: (await readdir('/dev/shm')).sort(),
    groups: (await Promise.all(CGROUPS.map((tree) => readdir(tree).catch(() => [])))).map((names) =>
      names.sort(),
    ),
  };
}
