import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadManProgram, hasDeadMan } from '../../../../src/lab/docker/dead-man.js';
import { tarOf } from '../../../../src/lab/docker/tar-file.js';

describe('the dead-man program', () => {
  let folder: string;
  let program: string;
  before(() => {
    assert.ok(hasDeadMan(process.arch));
    folder = mkdtempSync(join(tmpdir(), 'deadair-'));
    program = join(folder, 'program');
    writeFileSync(program, deadManProgram(process.arch), { mode: 0o755 });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('lives as long as its input is open, whatever comes by it, and then ends with 0', async () => {
    const running = spawn(program, { stdio: ['pipe', 'ignore', 'ignore'] });
    running.stdin.write('words that mean nothing to it');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(running.exitCode, null);
    running.stdin.end();
    assert.deepEqual(await once(running, 'exit'), [0, null]);
  });

  it('ends at once without an input', () => {
    assert.equal(spawnSync(program, { input: '' }).status, 0);
  });

  it('is there for x64 and arm64, and says so of others', () => {
    for (const [processor, machine] of [
      ['x64', 62],
      ['arm64', 183],
    ] as const) {
      const elf = deadManProgram(processor);
      assert.equal(elf.toString('latin1', 0, 4), '\x7fELF');
      assert.equal(elf.readUInt16LE(18), machine);
      assert.equal(Number(elf.readBigUInt64LE(96)), elf.length);
    }
    assert.equal(hasDeadMan('s390x'), false);
  });

  it('goes into a tar archive that tar can read', () => {
    const archive = join(folder, 'archive.tar');
    writeFileSync(archive, tarOf('inside', Buffer.from('x'.repeat(700))));
    assert.match(
      spawnSync('tar', ['-tvf', archive], { encoding: 'utf8' }).stdout,
      /^-rwxr-xr-x 0\/0 +700 \S+ \S+ inside$/m,
    );
    assert.equal(spawnSync('tar', ['-xOf', archive, 'inside'], { encoding: 'utf8' }).stdout.length, 700);
  });
});
