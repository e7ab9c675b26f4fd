import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ScratchNamespace, startScratchNamespace } from '../scratch-namespace.js';
import { hasInterface, until } from './until.js';

describe('a process with a wire emulator', () => {
  let left: ScratchNamespace;
  let right: ScratchNamespace;
  let host: ChildProcess;

  beforeEach(async () => {
    left = await startScratchNamespace();
    right = await startScratchNamespace();
    const script = fileURLToPath(new URL('./wire-host.js', import.meta.url));
    host = spawn(process.execPath, [script, left.netnsPath, right.netnsPath], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(host.stdout!, 'data');
    assert.ok(hasInterface(left) && hasInterface(right));
  });

  afterEach(async () => {
    host.kill('SIGKILL');
    await left[Symbol.asyncDispose]();
    await right[Symbol.asyncDispose]();
  });

  it('leaves nothing when it is killed', async () => {
    host.kill('SIGKILL');
    await once(host, 'exit');
    await until(() => !hasInterface(left) && !hasInterface(right));
  });

  it('can exit at any time without disposing', async () => {
    host.stdin!.end();
    assert.deepEqual(await once(host, 'exit'), [7, null]);
    await until(() => !hasInterface(left) && !hasInterface(right));
  });
});
