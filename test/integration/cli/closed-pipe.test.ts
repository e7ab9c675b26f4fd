import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';

const MODULE = pathToFileURL(join(packageFolder(), 'dist', 'src', 'cli', 'closed-pipe.js')).href;
const IMPORT = `const { bearClosedPipes } = await import('${MODULE}');`;

/** Writes until it is told that nobody reads any more; then it has 7 as its exit code. */
const WRITER = `const write = () =>
  process.stdout.write('x', (error) => (error ? (process.exitCode = 7) : setImmediate(write)));
write();`;

/** Exit code and standard error of a script whose output nobody reads. */
async function unread(script: string): Promise<{ status: unknown; told: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let told = '';
  child.stderr.on('data', (text: Buffer) => (told += text.toString()));
  return { status: await new Promise((resolve) => child.on('close', resolve)), told };
}

describe('bearClosedPipes', () => {
  it('lets a command end as it would have when nobody reads on', async () => {
    assert.deepEqual(await unread(`${IMPORT} bearClosedPipes(process.stdout); ${WRITER}`), {
      status: 7,
      told: '',
    });
  });

  it('is needed for that', async () => {
    const { status, told } = await unread(WRITER);
    assert.notEqual(status, 7);
    assert.match(told, /EPIPE/);
  });
});
