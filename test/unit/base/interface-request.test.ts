import assert from 'node:assert/strict';
import { interfaceRequest } from '../../../src/base/linux/interface-request.js';

describe('a request about an interface', () => {
  it('begins with its name in 16 bytes, the last of them 0, and is empty otherwise', () => {
    for (const name of ['lan', 'fifteen-letters', 'sixteen-letters-']) {
      const request = interfaceRequest(name);
      assert.equal(request.length, 40);
      assert.equal(request.toString('latin1').replace(/\0+$/, ''), name.slice(0, 15));
    }
  });
});
