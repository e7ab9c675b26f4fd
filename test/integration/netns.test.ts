import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeadairError } from '../../src/base/errors.js';
import { NamespaceUdpSocket } from '../../src/base/linux/udp-socket.js';
import { ensureImage } from '../../src/lab/images/ensure.js';
import { netnsRuntime } from '../../src/lab/netns.js';
import { runInNetwork } from '../../src/lab/network.js';
import { stateOf } from '../../src/lab/processes.js';
import { isUdpPortBound, waitUntil, waitUntilReady } from '../../src/lab/readiness.js';
import type { StartedNode } from '../../src/lab/runtime.js';
import type { PlannedImage } from '../../src/plan/planned-node.js';
import { recipeOf } from '../fixtures/images.js';
import { plannedNode } from '../fixtures/nodes.js';

const planned = plannedNode({ name: 'desk', role: 'phone', resolver: '198.18.1.2' });
const BUILD_LIMIT_MS = 15 * 60_000;

const kinds: [name: string, image: PlannedImage | null][] = [
  ["with the host's files", null],
  ['with the files of an image', { kind: 'recipe', recipe: recipeOf('asterisk') }],
];
for (const [kind, image] of kinds) describe(`a node in namespaces, ${kind}`, () => tests(image));

function tests(image: PlannedImage | null) {
  let folder: string;
  let node: StartedNode;
  before(async function () {
    this.timeout(BUILD_LIMIT_MS);
    if (image?.kind === 'recipe') await ensureImage(image.recipe);
    folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    node = await netnsRuntime.startNode({ ...planned, image }, folder);
  });
  after(async () => {
    await node[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('has no interface but lo, which is up, and no route', async () => {
    const devices = (await node.run(['cat', '/proc/net/dev'])).matchAll(/^ *(\w+):/gm);
    assert.deepEqual(
      [...devices].map(([, name]) => name),
      ['lo'],
    );
    assert.equal((await node.run(['cat', '/proc/net/route'])).trim().split('\n').length, 1);
    assert.match(await node.run(['cat', '/proc/net/fib_trie']), /127\.0\.0\.1\n\s+\/32 host LOCAL/);
  });

  it('has a resolv.conf of its own', async () => {
    assert.match(await node.run(['cat', '/etc/resolv.conf']), /^nameserver 198\.18\.1\.2\n/);
    assert.doesNotMatch(await readFile('/etc/resolv.conf', 'utf8'), /198\.18\./);
  });

  it("writes nowhere on the host but into the run's folder", async () => {
    await node.run(['sh', '-c', 'echo x >/tmp/deadair-private; echo x >/run/deadair-private; echo x >here']);
    const atRoot = node.run(['touch', '/deadair-on-the-host']);
    if (image === null) await assert.rejects(atRoot, /Read-only file system/);
    else await atRoot;
    for (const path of ['/tmp/deadair-private', '/run/deadair-private', '/deadair-on-the-host'])
      assert.ok(!existsSync(path), path);
    assert.deepEqual(await readdir(join(folder, 'work', 'desk')), ['here']);
  });

  it("sees its own processes only, and is called by the node's name", async () => {
    const pids = await node.run(['sh', '-c', 'ls -d /proc/[0-9]*']);
    assert.ok(pids.split('\n').length <= 4, pids);
    assert.equal(await node.run(['cat', '/proc/sys/kernel/hostname']), 'desk');
  });

  it('has its part of the run folder, and a clean /tmp, /run and /dev/shm', async () => {
    assert.equal(await node.run(['ls', '/run/node']), 'configs\nlogs\nwork');
    assert.equal(await node.run(['pwd']), '/run/node/work');
    for (const path of ['/tmp', '/dev/shm'])
      assert.match(await node.run(['cat', '/proc/mounts']), new RegExp(`^tmpfs ${path} tmpfs rw`, 'm'));
  });

  it('has the devices that programs take for granted', async () => {
    const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx'];
    await node.run(['sh', '-c', devices.map((name) => `test -c /dev/${name}`).join(' && ')]);
    await node.run([
      'sh',
      '-c',
      'head -c 4 /dev/urandom >/dev/null && head -c 4 /dev/zero >/dev/shm/x && test -d /dev/pts',
    ]);
  });

  it('keeps the log of a program, and stops it', async () => {
    const program = await node.start('talker', ['sh', '-c', 'echo hello; exec sleep 60']);
    await waitUntilReady(node, program, {
      kind: 'command',
      command: ['cat', '/run/node/logs/desk.talker.log'],
      matches: 'hello',
    });
    await program[Symbol.asyncDispose]();
    assert.equal(program.running, false);
    assert.equal(await readFile(join(folder, 'logs', 'desk.talker.log'), 'utf8'), 'hello\n');
  });

  it('tells why a program is not ready, with the end of its log', async () => {
    const program = await node.start('broken', ['sh', '-c', 'echo cannot open the frobnicator; exit 7']);
    await assert.rejects(
      waitUntilReady(node, program, { kind: 'udp-bound', port: 5060 }),
      (error: DeadairError) =>
        error.code === 'NODE_NOT_READY' && error.exitCode === 3 && error.message.includes('frobnicator'),
    );
  });

  it('gives up on a program that lives and never gets ready', async () => {
    const program = await node.start('idle', ['sleep', '60']);
    await assert.rejects(
      waitUntil('idle is bound', 200, program, () => isUdpPortBound(node, null, 5060)),
      /idle is bound: not so within 200 ms/,
    );
  });

  it('loses its power and gets it back on the same network, its disk as it was', async () => {
    await node.run(['sh', '-c', 'echo kept >kept; echo gone >/tmp/gone']);
    await runInNetwork(node, ['ip', 'link', 'add', 'dark', 'type', 'veth', 'peer', 'name', 'darker']);
    const program = await node.start('sleeper', ['sh', '-c', 'sleep 61 & exec sleep 62']);
    await waitUntil('both sleep', 2000, program, async () => (await program.processes()).length === 2);
    const inodeOf = () => stat(node.netnsPath).then(({ ino }) => ino);
    const network = await inodeOf();
    await node.powerOff();
    assert.equal(program.running, false);
    assert.deepEqual(await node.processes(), []);
    assert.equal(await inodeOf(), network);
    await assert.rejects(node.run(['true']), /NODE_COMMAND_FAILED|it is off/);
    await node.powerOn();
    assert.equal(await inodeOf(), network);
    // Fails if it is gone.
    await runInNetwork(node, ['ip', 'link', 'show', 'dark']);
    assert.equal(await node.run(['cat', 'kept']), 'kept');
    await assert.rejects(node.run(['cat', '/tmp/gone']), /No such file/);
  });

  it('freezes everything in it while its kernel takes packets, and goes on', async () => {
    const program = await node.start('counter', ['sh', '-c', 'while :; do echo x; sleep 0.02; done']);
    const log = join(folder, 'logs', 'desk.counter.log');
    const linesOf = async () => (await readFile(log, 'utf8')).length;
    await waitUntil('it counts', 2000, program, async () => (await linesOf()) > 4);
    await node.freeze();
    const states = await Promise.all((await node.processes()).map(stateOf));
    assert.ok(states.length >= 2 && states.every((state) => state === 'T'), states.join());
    const frozen = await linesOf();
    using socket = NamespaceUdpSocket.open(node.netnsPath, '127.0.0.1', 0);
    assert.ok(socket.send(Buffer.from('x'), '127.0.0.1', socket.port));
    assert.ok(socket.receive());
    assert.equal(await linesOf(), frozen);
    await node.thaw();
    await waitUntil('it counts again', 2000, program, async () => (await linesOf()) > frozen + 4);
    await program[Symbol.asyncDispose]();
    assert.equal(program.running, false);
  });

  it('names a program that does not exist', async () => {
    const program = await node.start('missing', ['no-such-program']);
    await assert.rejects(waitUntilReady(node, program, { kind: 'udp-bound', port: 1 }), /no-such-program/);
  });
}
