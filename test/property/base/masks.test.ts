import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { Masks } from '../../../src/base/masks.js';
import { maskFolder } from '../../../src/runfolder/mask-folder.js';

const SECRETS = ['hunter22', 'abcabcab', 'quo"te\\d'];
const masks = new Masks(SECRETS);

/** Text in which secrets, and beginnings of secrets, are frequent. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...SECRETS, 'hunter2', 'abcab', 'quo"', 'a', 'é', '\n'), fc.string()), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));

describe('masks', () => {
  it('leave no secret in a stream, however it is cut, and all else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40), { maxLength: 20 }), async (given, sizes) => {
        const bytes = Buffer.from(given);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(Buffer.from(bytes.subarray(at, (at += size))));
        chunks.push(Buffer.from(bytes.subarray(at)));
        const masked = await buffer(Readable.from(chunks).pipe(masks.stream()));
        assert.equal(masked.length, bytes.length);
        assert.ok(!SECRETS.some((secret) => masked.includes(secret)), masked.toString());
        for (let index = 0; index < bytes.length; index++)
          assert.ok(masked[index] === bytes[index] || masked[index] === '*'.charCodeAt(0));
        if (
          !SECRETS.some(
            (secret) => given.includes(secret) || given.includes(JSON.stringify(secret).slice(1, -1)),
          )
        )
          assert.ok(masked.equals(bytes));
      }),
    );
  });

  it('leave nothing of secrets of which one is the beginning of another, or overlaps it', async () => {
    const nested = new Masks(['hunter22', 'hunter22-production', 'tion-east-1']);
    const given = 'hunter22 hunter22-production hunter22-production-east-1 hunter22-prod';
    const hidden = given
      .replace('hunter22-production-east-1', (all) => '*'.repeat(all.length))
      .replace('hunter22-production', (all) => '*'.repeat(all.length))
      .replaceAll('hunter22', '********');
    assert.equal(nested.text(given), hidden);
    for (let size = 1; size <= given.length; size++) {
      const chunks = [...given.matchAll(new RegExp(`.{1,${size}}`, 'g'))].map(([chunk]) =>
        Buffer.from(chunk),
      );
      const masked = await buffer(Readable.from(chunks).pipe(nested.stream()));
      assert.equal(masked.toString(), hidden, `in pieces of ${size}`);
    }
  });

  it('find a secret as JSON writes it', () => {
    assert.equal(masks.text(JSON.stringify({ password: 'quo"te\\d' })), '{"password":"**********"}');
  });

  it('overwrite secrets in the files of a folder, also across the pieces that they are read in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    const nested = Buffer.alloc((1 << 20) + 20, 'x');
    nested.write('hunter22-production', (1 << 20) - 8);
    await writeFile(join(folder, 'nested'), nested);
    await maskFolder(folder, new Masks(['hunter22', 'hunter22-production']));
    assert.equal((await readFile(join(folder, 'nested'))).includes('p'), false);
    const long = Buffer.alloc((1 << 20) * 2 + 10, 'x');
    for (const at of [0, (1 << 20) - 4, (1 << 20) * 2 + 2]) long.write('hunter22', at);
    await writeFile(join(folder, 'long'), long);
    await writeFile(join(folder, 'empty'), '');
    await maskFolder(folder, masks);
    const after = await readFile(join(folder, 'long'));
    assert.equal(after.length, long.length);
    assert.equal(after.includes('hunter22'), false);
    assert.equal(
      after.reduce((count, byte) => count + Number(byte === '*'.charCodeAt(0)), 0),
      24,
    );
    await rm(folder, { recursive: true });
  });

  it('without secrets change nothing', () => {
    assert.equal(new Masks([]).text('hunter22'), 'hunter22');
  });
});
