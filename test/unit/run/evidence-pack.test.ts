import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { writeResult } from '../../../src/report/json.js';
import { packEvidence } from '../../../src/run/evidence-pack.js';
import { verifyPack } from '../../../src/run/verify-pack.js';
import { runOf, steady } from '../../fixtures/results.js';

const sum = (text: string) => createHash('sha256').update(text).digest('hex');

/** A zip of these files, as anybody could make one. */
async function zipOf(file: string, files: Record<string, string>): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

describe('an evidence pack', () => {
  let folder: string;
  let run: string;
  let pack: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-pack-'));
    run = join(folder, 'run');
    pack = join(folder, 'pack.zip');
    await mkdir(join(run, 'steady', 'captures'), { recursive: true });
    await mkdir(join(run, 'allure-report'));
    await writeFile(join(run, 'steady', 'captures', 'a b.pcap'), 'packets');
    await writeFile(join(run, 'allure-report', 'index.html'), 'made again');
    await writeResult(run, runOf([steady()]));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('has every file of the run, a summary and checksums, and is as it was written', async () => {
    await packEvidence(run, pack);
    assert.deepEqual(await verifyPack(pack), {
      intact: ['result.json', 'steady/captures/a b.pcap', 'SUMMARY.md'],
      changed: [],
      missing: [],
      added: [],
    });
    assert.deepEqual((await readdir(folder)).sort(), ['pack.zip', 'run'], 'and no half of one is left');
  });

  it('tells what was changed, taken out and put in; signatures may be added', async () => {
    await zipOf(pack, {
      'result.json': 'other',
      'kept.txt': 'kept',
      'new.txt': 'new',
      SHA256SUMS: `${sum('this')}  result.json\n${sum('kept')}  kept.txt\n${sum('gone')}  gone.txt\n`,
      'SHA256SUMS.asc': 'a signature',
      'SIGNATURES.md': 'signed',
    });
    assert.deepEqual(await verifyPack(pack), {
      intact: ['kept.txt'],
      changed: ['result.json'],
      missing: ['gone.txt'],
      added: ['new.txt'],
    });
  });

  it('takes a file that is there or listed twice for changed, whichever of the two is right', async () => {
    const list = `${sum('kept')}  kept.txt\n${sum('this')}  listed.txt\n${sum('that')}  listed.txt\n`;
    const zip = new yazl.ZipFile();
    for (const [name, text] of [
      ['kept.txt', 'forged'],
      ['kept.txt', 'kept'],
      ['listed.txt', 'that'],
      ['SHA256SUMS', list],
      ['SHA256SUMS', list],
    ] as const)
      zip.addBuffer(Buffer.from(text), name);
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(pack));
    const { intact, changed } = await verifyPack(pack);
    assert.deepEqual([intact, changed], [[], ['kept.txt', 'listed.txt', 'SHA256SUMS']]);
  });

  it('does not hold an older one of its name', async () => {
    const inside = join(run, 'pack.zip');
    await packEvidence(run, inside);
    const before = await verifyPack(inside);
    await packEvidence(run, inside);
    assert.deepEqual(await verifyPack(inside), before);
    assert.deepEqual(
      (await readdir(run)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('says where it can not be written', async () => {
    await assert.rejects(packEvidence(run, join(folder, 'nowhere', 'pack.zip')), { code: 'PACK_UNWRITABLE' });
    await mkdir(pack);
    await assert.rejects(packEvidence(run, pack), { code: 'PACK_UNWRITABLE' });
  });

  it('is refused where it is none, is damaged, or has no list', async () => {
    const refused = (why: RegExp) =>
      assert.rejects(verifyPack(pack), (error: Error & { code: string }) => {
        assert.equal(error.code, 'PACK_UNREADABLE');
        assert.match(error.message, why);
        return true;
      });
    await refused(/ENOENT/);
    await writeFile(pack, 'not a zip');
    await refused(/end of central directory/i);
    await zipOf(pack, { 'result.json': '{}' });
    await refused(/it has no SHA256SUMS/);
    await zipOf(pack, { SHA256SUMS: 'nonsense\n' });
    await refused(/not a list of checksums/);
    await packEvidence(run, pack);
    const whole = await readFile(pack);
    await writeFile(pack, whole.subarray(0, whole.length - 30));
    await refused(/./);
    const broken = Buffer.from(whole);
    broken.fill(0, 60, 90);
    await writeFile(pack, broken);
    await refused(/./);
  });

  it('needs a run with a result', async () => {
    await rm(join(run, 'result.json'));
    await assert.rejects(packEvidence(run, pack), { code: 'RESULT_MISSING' });
    assert.deepEqual(await readdir(folder), ['run']);
  });
});
