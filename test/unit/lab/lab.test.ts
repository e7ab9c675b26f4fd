import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLab, type LabParts } from '../../../src/lab/lab.js';
import { plan } from '../../fixtures/plans.js';

describe('startLab', () => {
  it('starts nothing where the run was interrupted before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    try {
      const started: string[] = [];
      const parts = {
        runtime: {
          startNode: ({ name }: { name: string }) => {
            started.push(name);
            return Promise.reject(new Error('it should not have been asked'));
          },
        },
        signal: AbortSignal.abort(new Error('interrupted')),
      } as unknown as LabParts;
      await assert.rejects(startLab(plan(), folder, parts), { message: 'interrupted' });
      assert.deepEqual([started, await readdir(folder)], [[], []]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
