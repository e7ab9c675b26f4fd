import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isDead } from '../../../src/lab/processes.js';

/** As the kernel writes them, with these flags and signals pending for the thread. */
const stat = (state: string, flags: number) => `4711 (a) b (c) ${state} 1 4711 4711 0 -1 ${flags} 200 0 0 0`;
const status = (pending: string) =>
  `Name:\ta) b (c\nState:\tD\nSigPnd:\t${pending}\nShdPnd:\t0000000000000000\n`;
const NONE = '0000000000000000';

describe('a process', () => {
  it('runs, sleeps, waits or is stopped: it is not dead', () => {
    for (const state of ['R', 'S', 'D', 'T']) assert.equal(isDead(stat(state, 4194560), status(NONE)), false);
    assert.equal(isDead(stat('D', 4194560), status('0000000000004002')), false, 'other signals');
  });

  it('is dead where it is gone, a zombie, on its way out, or killed while the kernel keeps it', () => {
    assert.equal(isDead('', ''), true);
    assert.equal(isDead(stat('Z', 4194560), status(NONE)), true);
    assert.equal(isDead(stat('S', 4194560 | 4), status(NONE)), true);
    assert.equal(isDead(stat('D', 4194560), status('0000000000000100')), true);
    assert.equal(isDead(stat('D', 4194560), status('0000000400000100')), true);
  });

  it('is told as the kernel tells of this one, and of a child before and after its end', async () => {
    const read = (pid: number | string) =>
      isDead(readFileSync(`/proc/${pid}/stat`, 'utf8'), readFileSync(`/proc/${pid}/status`, 'utf8'));
    assert.equal(read('self'), false);
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    assert.equal(read(child.pid!), false);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    // Nobody has waited for it yet, as this doesn't let anything else run.
    let isSeen = false;
    for (let looks = 0; looks < 100_000 && !isSeen; looks++) isSeen = read(child.pid!);
    assert.equal(isSeen, true);
    await ended;
  });
});
