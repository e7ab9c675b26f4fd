import assert from 'node:assert/strict';
import { freeBuffers } from '../../../src/base/free-buffers.js';

describe('freeBuffers', () => {
  it('gives memory back at once, also of what is named twice', () => {
    const buffers = Array.from({ length: 8 }, () => new ArrayBuffer(8 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    freeBuffers([...buffers, buffers[0]!]);
    const freed = before - process.memoryUsage().arrayBuffers;
    assert.ok(freed > 60 * 1024 * 1024, `${freed} bytes`);
    assert.deepEqual(new Set(buffers.map(({ byteLength }) => byteLength)), new Set([0]));
  });
});
