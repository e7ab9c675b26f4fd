import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeadairError } from '../../../src/base/errors.js';
import { readResult, writeResult } from '../../../src/report/json.js';
import { carrierCut, hostile, runOf, steady } from '../../fixtures/results.js';

describe('result.json', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'deadair-json-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const refusal = (code: string) => (error: unknown) =>
    error instanceof DeadairError &&
    error.code === code &&
    error.exitCode === 64 &&
    error.fix !== undefined &&
    error.message.includes(folder);
  const put = (text: string) => writeFile(join(folder, 'result.json'), text);

  it('comes back as it was written, and leaves nothing beside it', async () => {
    const run = runOf([steady(), carrierCut(), hostile()]);
    await writeResult(folder, runOf([]));
    await writeResult(folder, run);
    assert.deepEqual(await readResult(folder), run);
    assert.deepEqual(await readdir(folder), ['result.json']);
  });

  it('leaves no temporary file when it cannot be put in place', async () => {
    const target = join(folder, 'result.json', 'in-the-way');
    await mkdir(target, { recursive: true });
    await assert.rejects(writeResult(folder, runOf([])));
    assert.deepEqual(await readdir(folder), ['result.json']);
  });

  it('says that it is missing', () => assert.rejects(readResult(folder), refusal('RESULT_MISSING')));

  it('says that it is not JSON', async () => {
    await put('{"schemaVersion": 1, ');
    await assert.rejects(readResult(folder), refusal('RESULT_UNREADABLE'));
  });

  for (const other of ['[]', 'null', '{}', '{"schemaVersion":1}', '{"schemaVersion":"1","scenarios":[]}'])
    it(`does not take ${other} for a result`, async () => {
      await put(other);
      await assert.rejects(readResult(folder), refusal('RESULT_UNREADABLE'));
    });

  it('does not take a verdict that there is not', async () => {
    await put(JSON.stringify(runOf([steady()])).replace('"verdict":"pass"', '"verdict":"great"'));
    await assert.rejects(readResult(folder), refusal('RESULT_UNREADABLE'));
  });

  it('refuses a newer schema, whatever else is in it', async () => {
    await put('{"schemaVersion": 2, "runs": {}}');
    await assert.rejects(readResult(folder), refusal('RESULT_TOO_NEW'));
  });
});
