import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeadairError } from '../../src/base/errors.js';
import { netnsRuntime } from '../../src/lab/netns.js';
import { isUdpPortBound, waitUntil, waitUntilReady } from '../../src/lab/readiness.js';
import type { StartedNode } from '../../src/lab/runtime.js';
import type { PlannedNode } from '../../src/plan/types.js';

const planned: PlannedNode = {
  name: 'desk',
  role: 'phone',
  interfaces: [],
  routes: [],
  resolver: '198.18.1.2',
  image: null,
  registration: null,
  softphone: null,
  forwards: false,
  programs: [],
};

describe('a node in namespaces', () => {
  let folder: string;
  let node: StartedNode;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    node = await netnsRuntime.startNode(planned, folder);
  });
  after(async () => {
    await node[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('has no interface but lo, and no route', async () => {
    assert.match(await node.run(['ip', '-o', 'link']), /^1: lo: [^\n]*$/);
    assert.equal(await node.run(['ip', 'route']), '');
  });

  it('has a resolv.conf of its own', async () => {
    assert.match(await node.run(['cat', '/etc/resolv.conf']), /^nameserver 198\.18\.1\.2\n/);
    assert.doesNotMatch(await readFile('/etc/resolv.conf', 'utf8'), /198\.18\./);
  });

  it("writes nowhere on the host but into the run's folder", async () => {
    await node.run(['sh', '-c', 'echo x >/tmp/deadair-private; echo x >/run/deadair-private; echo x >here']);
    await assert.rejects(node.run(['touch', '/deadair-on-the-host']), /Read-only file system/);
    await assert.rejects(readFile('/tmp/deadair-private'), /ENOENT/);
    await assert.rejects(readFile('/run/deadair-private'), /ENOENT/);
    assert.deepEqual(await readdir(join(folder, 'work', 'desk')), ['here']);
  });

  it("sees its own processes only, and is called by the node's name", async () => {
    const pids = await node.run(['sh', '-c', 'ls -d /proc/[0-9]*']);
    assert.ok(pids.split('\n').length <= 4, pids);
    assert.equal(await node.run(['cat', '/proc/sys/kernel/hostname']), 'desk');
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

  it('names a program that does not exist', async () => {
    const program = await node.start('missing', ['no-such-program']);
    await assert.rejects(waitUntilReady(node, program, { kind: 'udp-bound', port: 1 }), /no-such-program/);
  });
});
