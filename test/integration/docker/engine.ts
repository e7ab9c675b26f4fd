import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { DeadairError } from '../../../src/base/errors.js';
import { openEngine } from '../../../src/lab/docker/engine.js';

const NOBODY = 65534;

/** An engine that can't be used, and why. */
export function engineTests(): void {
  for (const host of [
    'tcp://198.18.0.1:2375',
    'ssh://lab@198.18.0.1',
    'tcp://198.18.0.1:2376',
    'npipe:////./pipe/docker',
  ])
    it(`refuses ${host}, which is elsewhere`, async () => {
      await assert.rejects(
        openEngine({ DOCKER_HOST: host }),
        code('DOCKER_ELSEWHERE', /own machine.*--runtime netns/),
      );
    });

  it('names an engine that is missing, with its socket', async () => {
    const missing = openEngine({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    await assert.rejects(
      missing,
      code('DOCKER_MISSING', /\/nowhere\/docker\.sock.*apt-get install docker\.io/),
    );
  });

  it('names a socket without permission', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    const server = createServer().listen(join(folder, 'docker.sock'));
    await once(server, 'listening');
    try {
      // The folder is root's own: nobody else may look into it.
      process.seteuid?.(NOBODY);
      const denied = openEngine({ DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` });
      await assert.rejects(denied, code('DOCKER_DENIED', /no permission.*root/));
    } finally {
      process.seteuid?.(0);
      server.close();
      await rm(folder, { recursive: true });
    }
  });
}

/** A check that an error has a code, ends runs with 3, and says what the pattern says. */
export const code = (expected: string, text: RegExp) => (error: DeadairError) => {
  assert.equal(error.code, expected, String(error));
  assert.equal(error.exitCode, 3);
  assert.match(String(error).replaceAll('\n', ' '), text);
  return true;
};
