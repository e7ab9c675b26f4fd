import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../../../src/base/errors.js';
import { Masks } from '../../../src/base/masks.js';
import { packageFolder } from '../../../src/base/package.js';
import { runLive, type LiveParts } from '../../../src/run/live.js';
import { plan } from '../../fixtures/plans.js';

describe('runLive', () => {
  it('gives the error back where its folder cannot be written to: other labs go on', async () => {
    const { signal } = new AbortController();
    const parts = { signal, masks: new Masks([]) } as unknown as LiveParts;
    const failure = await runLive(plan(), '/dev/null/run', parts);
    assert.equal(failure?.exitCode, ExitCode.labFailed);
    assert.match(failure?.message ?? '', /ENOTDIR/);
  });
});

describe('the command', () => {
  it('tells what no part of it has handled, and ends with 3', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    try {
      const cli = join(packageFolder(), 'dist', 'src', 'cli', 'main.js');
      const stray = 'setImmediate(() => void Promise.reject(new Error("nobody waits for this")))';
      const preload = `data:text/javascript,process.on('newListener', (name) => name === 'uncaughtException' && ${stray})`;
      const argv = ['--import', preload, cli, 'clean', folder];
      const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
      assert.equal(status, ExitCode.labFailed);
      assert.match(stderr, /^HARNESS_FAILED: Error: nobody waits for this\n/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
