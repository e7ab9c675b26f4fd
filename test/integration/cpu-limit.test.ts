import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { limitCpu } from '../../src/lab/cpu-limit.js';

const MOUNT = '/sys/fs/cgroup';
const groupsOf = (pid: number) => readFile(`/proc/${pid}/cgroup`, 'utf8');

/** A shell that starts a process of its own at each line that it reads, and tells its number. */
function startParent() {
  const script = 'while read -r x; do sleep 30 >/dev/null & echo $!; done; kill $!; wait';
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const fork = async () => {
    child.stdin.write('\n');
    return Number((await lines.next()).value);
  };
  const { pid } = child;
  assert.ok(pid !== undefined);
  const dispose = async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
  return { pid, fork, [Symbol.asyncDispose]: dispose };
}

describe('a limit of processor time', () => {
  it('puts processes back where they were, and what they have started to them', async () => {
    const trees = existsSync(join(MOUNT, 'cpu'))
      ? ['cpu', 'cpuacct'].map((one) => join(MOUNT, one))
      : [MOUNT];
    const own = [...new Set(trees)].map((tree) => join(tree, `deadair-test-${process.pid}`));
    for (const group of own) await mkdir(group, { recursive: true });
    try {
      await using parent = startParent();
      for (const group of own) await writeFile(join(group, 'cgroup.procs'), String(parent.pid));
      const before = await groupsOf(parent.pid);
      assert.match(before, /deadair-test-/);
      const limit = await limitCpu(`deadair-limit-${process.pid}`, 0.5, () => Promise.resolve([parent.pid]));
      assert.doesNotMatch(await groupsOf(parent.pid), /deadair-test-/);
      const child = await parent.fork();
      await limit.lift();
      assert.equal(await groupsOf(parent.pid), before);
      assert.equal(await groupsOf(child), before);
    } finally {
      for (const group of own) await rmdir(group);
    }
  });
});
