import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check } from '../../../src/cli/doctor/check.js';
import { CLI } from '../../fixtures/cli.js';

function doctor(before: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const [file = '', ...args] = [...before, process.execPath, CLI, 'doctor', '--json'];
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  const checks = JSON.parse(stdout) as Check[];
  return { status, state: (name: string) => checks.find((check) => check.name === name)?.state, checks };
}

describe('deadair doctor', () => {
  it('finds nothing missing where the tests run, and says how to mend what is limited', () => {
    const { status, checks } = doctor();
    assert.deepEqual(
      checks.filter(({ state }) => state === 'missing'),
      [],
    );
    assert.equal(status, 0);
    for (const { name, state, fix } of checks) assert.equal(fix === null, state === 'fine', name);
  });

  it('misses root, and what only root can do', () => {
    const { status, state } = doctor(['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']);
    assert.deepEqual([status, state('privileges'), state('namespaces')], [3, 'missing', 'missing']);
  });

  it('misses a program that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deadair-path-'));
    try {
      for (const program of ['unshare', 'setpriv', 'nsenter'])
        symlinkSync(join('/usr/bin', program), join(folder, program));
      symlinkSync('/usr/sbin/ip', join(folder, 'ip'));
      const { status, state } = doctor([], { PATH: `${folder}:/bin-of-nobody` });
      assert.deepEqual([status, state('kamailio'), state('ip')], [3, 'missing', 'fine']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('misses the device that wire needs', () => {
    const hidden = 'mount -t tmpfs none /dev/net && exec "$@"';
    const { status, state } = doctor(['unshare', '--mount', 'sh', '-c', hidden, 'sh']);
    assert.deepEqual([status, state('wire'), state('namespaces')], [3, 'missing', 'fine']);
  });
});
