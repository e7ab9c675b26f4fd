import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Masks } from '../../../src/base/masks.js';
import { openDocker, type StartedDocker } from '../../../src/lab/docker/runtime.js';
import { runInNetwork } from '../../../src/lab/network.js';
import { deadManProgram } from '../../../src/lab/docker/dead-man.js';
import { provideHolderImage } from '../../../src/lab/docker/holder-image.js';
import { provideImage } from '../../../src/lab/docker/images.js';
import { startDockerNode } from '../../../src/lab/docker/start-node.js';
import { portHolders, waitUntilReady } from '../../../src/lab/readiness.js';
import { LABELS } from '../../../src/lab/docker/labels.js';
import { stateOf } from '../../../src/lab/processes.js';
import type { StartedNode } from '../../../src/lab/runtime.js';
import type { PlannedNode } from '../../../src/plan/planned-node.js';
import { busyboxFolder, nodeWith } from '../../fixtures/docker-images.js';
import type { TestEngine } from '../../fixtures/docker-engine.js';
import { code } from './engine.js';

const SECRET = 'canary"secret\\42';
const busybox = (...argv: string[]) => ['/bin/busybox', ...argv];
const shell = (text: string) => busybox('sh', '-c', text);

/** Nodes of somebody else's image, which has no shell and no ip: one static program. */
export function nodeTests(engine: () => TestEngine): void {
  let folder: string;
  let build: string;
  let runtime: StartedDocker;
  const image = () => ({ kind: 'build-folder' as const, folder: build });
  const start = async (overrides: Partial<PlannedNode>): Promise<StartedNode> =>
    await runtime.startNode(nodeWith({ image: image(), ...overrides }), folder);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    build = await busyboxFolder(['CMD ["/bin/busybox", "httpd", "-f", "-p", "8080"]']);
    const environment = { ...engine().environment, PBX_PASSWORD: SECRET };
    runtime = await openDocker({ environment, masks: new Masks([SECRET]) });
  });
  after(async () => {
    await runtime[Symbol.asyncDispose]();
    for (const one of [folder, build]) await rm(one, { recursive: true });
  });
  afterEach('leaves no container', async () => {
    const filters = { label: [`${LABELS.run}=${runtime.run}`] };
    assert.deepEqual(await engine().engine.docker.listContainers({ all: true, filters }), []);
  });

  it('has no interface but lo, is called by its name, and has a resolv.conf of its own', async () => {
    await using node = await start({});
    assert.deepEqual((await readFile(`/proc/${node.pid}/net/dev`, 'utf8')).match(/^ *\w+:/gm), ['    lo:']);
    assert.equal((await node.run(busybox('hostname'))).trim(), 'pbx');
    assert.match(await node.run(busybox('cat', '/etc/resolv.conf')), /^nameserver 198\.18\.1\.2\n/);
    await runInNetwork(node, ['ip', 'link', 'add', 'here', 'type', 'bridge']);
    assert.match(await readFile(`/proc/${node.pid}/net/dev`, 'utf8'), /here:/);
  });

  it('keeps the log of a program, tells how it ended, and what a command said', async () => {
    await using node = await start({});
    const program = await node.start('talker', shell('echo out; echo err >&2; exit 7'));
    assert.deepEqual(await program.ended, { exitCode: 7, signal: null });
    const log = await readFile(join(folder, 'logs', 'pbx.talker.log'), 'utf8');
    assert.deepEqual(log.trim().split('\n').sort(), ['err', 'out']);
    assert.equal(await node.run(busybox('cat'), 'given'), 'given');
    await assert.rejects(
      node.run(shell('echo why >&2; exit 4')),
      code('NODE_COMMAND_FAILED', /ended with 4: why/),
    );
  });

  it('stops a program, also one that ignores SIGTERM', async () => {
    await using node = await start({});
    const obedient = await node.start('obedient', busybox('sleep', '1000'));
    await obedient[Symbol.asyncDispose]();
    assert.deepEqual(await obedient.ended, { exitCode: null, signal: 'SIGTERM' });
    const stubborn = await node.start(
      'stubborn',
      shell("trap '' TERM; while :; do /bin/busybox sleep 1; done"),
    );
    await stubborn[Symbol.asyncDispose]();
    assert.deepEqual(await stubborn.ended, { exitCode: null, signal: 'SIGKILL' });
  });

  it('names a program that the image lacks', async () => {
    await using node = await start({});
    const missing = async () => {
      const program = await node.start('missing', ['no-such-program']);
      await waitUntilReady(node, program, { kind: 'udp-bound', port: 1 });
    };
    await assert.rejects(missing(), /no-such-program/);
  });

  const own: PlannedNode['programs'] = [
    { name: 'own', command: [], configs: [], ready: { kind: 'healthy' } },
  ];

  it("runs the image's own program as the first process, ready once its port is bound", async () => {
    await using node = await start({ programs: own });
    const program = await node.start('own', []);
    await waitUntilReady(node, program, { kind: 'tcp-bound', port: 8080 });
    assert.equal((await node.run(busybox('cat', '/proc/1/comm'))).trim(), 'busybox');
    await program[Symbol.asyncDispose]();
    assert.equal(program.running, false);
  });

  it('waits for the health check of an image', async () => {
    const check = 'HEALTHCHECK --interval=1s --start-period=1s CMD ["/bin/busybox", "test", "-e", "/well"]';
    const sick = await busyboxFolder([
      check,
      'CMD ["/bin/busybox", "sh", "-c", "/bin/busybox sleep 2; echo >/well; /bin/busybox sleep 1000"]',
    ]);
    await using node = await start({ image: { kind: 'build-folder', folder: sick }, programs: own });
    const program = await node.start('own', []);
    assert.equal(await node.health?.(), 'starting');
    await waitUntilReady(node, program, { kind: 'healthy' });
    assert.match(await node.run(busybox('ls', '/well')), /well/);
    await rm(sick, { recursive: true });
  });

  it('tells why a container ended at once, with its last words', async () => {
    const broken = await busyboxFolder([
      'CMD ["/bin/busybox", "sh", "-c", "echo cannot open the frobnicator; exit 9"]',
    ]);
    await using node = await start({ image: { kind: 'build-folder', folder: broken }, programs: own });
    const ready = waitUntilReady(node, await node.start('own', []), { kind: 'tcp-bound', port: 5060 });
    await assert.rejects(ready, code('CONTAINER_ENDED', /ended with 9.*frobnicator/));
    await rm(broken, { recursive: true });
  });

  it('names a port that another program of the node has already', async () => {
    await using node = await start({});
    const ready = { kind: 'tcp-bound' as const, port: 8080 };
    const httpd = async (name: string) => {
      const taken = await portHolders(node, ready);
      const program = await node.start(name, busybox('httpd', '-f', '-p', '8080'));
      await waitUntilReady(node, program, ready, taken);
    };
    await httpd('first');
    await assert.rejects(
      httpd('second'),
      code('PORT_TAKEN', /second on pbx.* port 8080 .*in use.*another port/),
    );
  });

  it('names a container that has the name of another', async () => {
    const { docker } = engine().engine;
    const stranger = await docker.createContainer({
      ...{ name: 'deadair-clash-pbx', Image: 'deadair-test/office-pbx:17' },
      HostConfig: { NetworkMode: 'none' },
    });
    const program = deadManProgram(process.arch === 'arm64' ? 'arm64' : 'x64');
    const holderImage = await provideHolderImage(engine().engine, program);
    const starting = startDockerNode(nodeWith({ image: image() }), {
      ...{ engine: engine().engine, program, holderImage, masks: new Masks([]), environment: {} },
      image: await provideImage(engine().engine, image(), () => undefined),
      identity: { name: 'deadair-clash-pbx', labels: { [LABELS.run]: runtime.run } },
      scenarioFolder: folder,
    });
    await assert.rejects(starting, code('NODE_NAME_TAKEN', /deadair-clash-pbx .*docker rm --force/));
    assert.equal((await stranger.inspect()).State.Status, 'created', "a stranger's is left alone");
    await stranger.remove();
  });

  it('has the variables, files and limits that the lab gives it', async () => {
    const file = join(folder, 'pjsip.conf');
    await writeFile(file, 'from outside');
    const config = { file: 'rendered.conf', text: '' };
    await using node = await start({
      environment: { GREETING: 'hello there' },
      container: {
        files: [{ target: '/etc/pbx/pjsip.conf', source: file }],
        memoryBytes: 64 << 20,
        cpus: 0.5,
      },
      programs: [{ name: 'x', command: ['x'], configs: [config], ready: { kind: 'exits' } }],
    });
    assert.equal(await node.run(shell('echo $GREETING')), 'hello there\n');
    assert.equal(await node.run(busybox('cat', '/etc/pbx/pjsip.conf')), 'from outside');
    await assert.rejects(node.run(shell('echo x >/etc/pbx/pjsip.conf')), /Read-only file system/);
    const filters = { label: [`${LABELS.run}=${runtime.run}`, `${LABELS.node}=pbx`] };
    const listed = await engine().engine.docker.listContainers({ filters });
    const specs = await Promise.all(
      listed.map(({ Id }) => engine().engine.docker.getContainer(Id).inspect()),
    );
    const { Memory, NanoCpus } = specs.find(({ Name }) => !Name.endsWith('-net'))?.HostConfig ?? {};
    assert.deepEqual({ Memory, NanoCpus }, { Memory: 64 << 20, NanoCpus: 5e8 });
  });

  it('gives secrets to programs, and masks them in logs and errors', async () => {
    await using node = await start({ secrets: ['PBX_PASSWORD'] });
    const program = await node.start('leak', shell('echo "password: $PBX_PASSWORD, ${#PBX_PASSWORD} long"'));
    await program.ended;
    const log = await readFile(join(folder, 'logs', 'pbx.leak.log'), 'utf8');
    assert.equal(log, `password: ${'*'.repeat(SECRET.length)}, ${SECRET.length} long\n`);
    const failing = node.run(shell('echo "$PBX_PASSWORD" >&2; exit 1'));
    await assert.rejects(
      failing,
      (error: Error) => !String(error).includes(SECRET) && String(error).includes('****'),
    );
  });

  it('loses its power and gets it back: disk and network stay, processes and /run do not', async () => {
    await using node = await start({});
    await runInNetwork(node, ['ip', 'link', 'add', 'cable', 'type', 'bridge']);
    const program = await node.start('sleeper', busybox('sleep', '1000'));
    await node.run(shell('echo kept >/disk'));
    assert.equal((await node.processes()).length, 1);
    assert.deepEqual(await program.processes(), await node.processes());
    await node.powerOff();
    assert.equal(program.running, false);
    assert.deepEqual(await node.processes(), []);
    await assert.rejects(node.run(busybox('true')), /is not running/);
    await node.powerOn();
    assert.equal(await node.run(busybox('cat', '/disk')), 'kept\n');
    assert.match(await node.run(busybox('cat', '/proc/net/dev')), /cable:/);
    assert.deepEqual(await node.processes(), []);
  });

  it("freezes, and thaws: programs beside, and the image's own", async () => {
    const counts = 'while :; do echo x >>/run/node/work/count; /bin/busybox sleep 0.01; done';
    const counter = await busyboxFolder([`CMD ["/bin/busybox", "sh", "-c", ${JSON.stringify(counts)}]`]);
    await using alone = await start({ image: { kind: 'build-folder', folder: counter }, programs: own });
    await alone.start('own', []);
    await freezesAndThaws(alone);
    await rm(counter, { recursive: true });
    await alone[Symbol.asyncDispose]();
    await using beside = await start({});
    await beside.start('counter', shell(counts));
    await freezesAndThaws(beside);
  });

  /** Whoever counts in the node stands still while it's frozen, and its processes are stopped. */
  async function freezesAndThaws(node: StartedNode): Promise<void> {
    const count = async () =>
      (await readFile(join(folder, 'work', 'pbx', 'count'), 'utf8').catch(() => '')).length;
    const grows = async () => {
      const before = await count();
      for (let tries = 0; tries < 200 && (await count()) === before; tries++) await delay(10);
      return (await count()) > before;
    };
    assert.equal(await grows(), true);
    await node.freeze();
    const frozen = await count();
    assert.deepEqual([...new Set(await Promise.all((await node.processes()).map(stateOf)))], ['T']);
    await delay(300);
    assert.equal(await count(), frozen);
    await node.thaw();
    assert.equal(await grows(), true);
  }
}
