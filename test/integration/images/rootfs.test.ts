import assert from 'node:assert/strict';
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureImage, tarOf, type ReadyImage } from '../../../src/lab/images/ensure.js';
import { netnsRuntime } from '../../../src/lab/netns.js';
import { waitUntilReady } from '../../../src/lab/readiness.js';
import type { StartedNode } from '../../../src/lab/runtime.js';
import { recipeOf } from '../../fixtures/images.js';
import { plannedNode } from '../../fixtures/nodes.js';

const recipe = recipeOf('asterisk');
const pbx = plannedNode({ name: 'pbx', role: 'pbx', image: { kind: 'recipe', recipe } });
// Modules without a config of their own decline to load.
const configs = {
  'queues.conf': '[general]\n',
  'voicemail.conf': '[general]\n',
  'extensions.conf': '[general]\n',
  'asterisk.conf': '[directories]\nastetcdir => /run/node/configs\n[options]\nsystemname = pbx\n',
  'modules.conf': '[modules]\nautoload=yes\n',
  'logger.conf': '[general]\n[logfiles]\nconsole => notice,warning,error\n',
  'pjsip.conf':
    '[udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:5060\n[anonymous]\ntype=endpoint\ncontext=none\n',
};

describe('a root filesystem in namespaces', () => {
  let image: ReadyImage;
  let folder: string;
  const nodes: StartedNode[] = [];
  const start = async (name: string) => {
    const node = await netnsRuntime.startNode({ ...pbx, name }, folder);
    nodes.push(node);
    return node;
  };
  before(async function () {
    this.timeout(15 * 60_000);
    image = await ensureImage(recipe);
    // With what overlayfs takes for more than one folder, or another option.
    folder = await mkdtemp(join(tmpdir(), 'deadair-a:b,c-'));
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node[Symbol.asyncDispose]()));
  });
  after(() => rm(folder, { recursive: true }));

  it('runs Asterisk 22, which answers OPTIONS', async () => {
    await mkdir(join(folder, 'configs', 'pbx'), { recursive: true });
    for (const [name, text] of Object.entries(configs))
      await writeFile(join(folder, 'configs', 'pbx', name), text);
    const node = await start('pbx');
    const command = ['asterisk', '-f', '-n', '-U', 'asterisk', '-C', '/run/node/configs/asterisk.conf'];
    const asterisk = await node.start('asterisk', command);
    await waitUntilReady(node, asterisk, { kind: 'sip-options', address: '127.0.0.1', port: 5060 });
    const ask = (line: string) =>
      node.run(['asterisk', '-C', '/run/node/configs/asterisk.conf', '-rx', line]);
    assert.match(await ask('core show version'), /Asterisk 22\./);
    for (const application of ['Queue', 'VoiceMail', 'Read'])
      assert.match(await ask(`core show application ${application}`), /Synopsis|Overview/);
    for (const codec of ['alaw', 'ulaw', 'g722', 'opus', 'gsm'])
      assert.match(await ask(`core show translation paths ${codec}`), /Translation paths/, codec);
  });

  it("keeps what a node writes on the node's own disk: neither the image nor another node has it", async () => {
    const [one, other] = await Promise.all([start('one'), start('other')]);
    const before = await treeOf(image.rootfs);
    await one.run(['sh', '-c', 'echo mine >/etc/hosts && echo new >/var/lib/new && rm /etc/passwd']);
    assert.equal(await one.run(['cat', '/etc/hosts', '/var/lib/new']), 'mine\nnew');
    assert.match(await other.run(['cat', '/etc/passwd']), /asterisk/);
    assert.match(await other.run(['cat', '/etc/hosts']), /127\.0\.1\.1 other/);
    await assert.rejects(other.run(['cat', '/var/lib/new']), /No such file/);
    assert.equal(await readFile(join(folder, 'disks', 'one', 'upper', 'var', 'lib', 'new'), 'utf8'), 'new\n');
    assert.equal(await treeOf(image.rootfs), before);
  });

  it('is a tar for Docker, with the owners that the image has', async () => {
    const list = await execa('tar', ['--list', '--verbose', '--numeric-owner'], {
      input: tarOf(image),
      maxBuffer: 1e9,
    });
    const [, owner] =
      /^asterisk:x:(\d+):/m.exec(await readFile(join(image.rootfs, 'etc', 'passwd'), 'utf8')) ?? [];
    assert.match(list.stdout, new RegExp(`^drwx\\S+ ${owner}/\\d+ .* \\./var/lib/asterisk/$`, 'm'));
    assert.match(list.stdout, /\.\/usr\/sbin\/asterisk$/m);
    await assert.rejects(async () => {
      await execa('cat', { input: tarOf({ ...image, rootfs: '/nowhere' }), stdout: 'ignore' });
    }, /tar of \/nowhere ended with 2/);
  });

  it('finds its disk again when it starts anew', async () => {
    const first = await start('again');
    await first.run(['sh', '-c', 'echo kept >/var/lib/kept; echo gone >/run/gone']);
    await first[Symbol.asyncDispose]();
    const second = await start('again');
    assert.equal(await second.run(['cat', '/var/lib/kept']), 'kept');
    await assert.rejects(second.run(['cat', '/run/gone']), /No such file/);
  });

  it("has no way to the host's files", async () => {
    const node = await start('sealed');
    const mounts = await node.run(['cat', '/proc/self/mountinfo']);
    const seen = mounts.split('\n').map((line) => line.split(' ')[4]);
    const own = ['/', '/dev', '/dev/pts', '/dev/shm', '/proc', '/run', '/run/node', '/sys', '/tmp'];
    assert.deepEqual(
      seen.sort(),
      [...own, ...['configs', 'logs', 'work'].map((name) => `/run/node/${name}`)].sort(),
    );
    assert.equal(
      await node.run(['sh', '-c', `ls -d ${packageFile} /proc/1/root${packageFile} 2>/dev/null || :`]),
      '',
    );
    assert.ok(existsSync(packageFile));
    assert.match(await node.run(['id', 'asterisk']), /uid=\d+\(asterisk\)/);
  });
});

/** A file that only the host has. */
const packageFile = process.execPath;

/** Names, sizes and times of everything in a folder. */
async function treeOf(folder: string): Promise<string> {
  const { stdout } = await execa('find', [folder, '-printf', '%p %s %T@ %C@ %m\n'], { maxBuffer: 1e9 });
  return stdout;
}
