import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cleanUp } from '../../../src/run/clean.js';
import { oldRuns } from '../../../src/run/old-runs.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 20);

describe('oldRuns', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'deadair-clean-'))));
  afterEach(() => rm(folder, { recursive: true }));

  /** Writes files of a run, all of this age. */
  async function write(run: string, files: string[], days: number): Promise<void> {
    const at = new Date(NOW_MS - days * DAY_MS);
    for (const file of files) {
      const path = join(folder, run, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, '0123456789');
      await utimes(path, at, at);
    }
  }
  const WHOLE = [
    'result.json',
    'report.html',
    'steady/plan.json',
    'steady/journal.jsonl',
    'steady/captures/a.pcap',
  ];
  const kept = async () =>
    (await oldRuns(folder, 30 * DAY_MS, NOW_MS)).map(({ path, kept: why }) => [
      path.slice(folder.length + 1),
      why,
    ]);

  it('lets go of what is old, the oldest first, and keeps what is young', async () => {
    await write('young', WHOLE, 29);
    await write('old', WHOLE, 31);
    await write('older', WHOLE, 60);
    assert.deepEqual(await kept(), [
      ['older', null],
      ['old', null],
      ['young', 'it is not old enough'],
    ]);
  });

  it('takes earlier attempts for its own, and nothing else beside them', async () => {
    const attempt = ['earlier_attempts/steady.1/plan.json', 'earlier_attempts/steady.1/captures/a.pcap'];
    await write('again', [...WHOLE, ...attempt], 60);
    await write('noted', [...WHOLE, ...attempt, 'earlier_attempts/notes.md'], 61);
    assert.deepEqual(await kept(), [
      ['noted', "earlier_attempts/notes.md in it is not deadair's"],
      ['again', null],
    ]);
  });

  it('keeps a run with something of somebody else in it, or in a scenario of it', async () => {
    await write('noted', [...WHOLE, 'notes.md'], 60);
    await write('added', [...WHOLE, 'steady/why.txt'], 60);
    await write('below', [...WHOLE, 'steady/captures/why.txt'], 60);
    await write('deeper', [...WHOLE, 'steady/audio/x.wav', 'steady/audio/mine/y.wav'], 60);
    await write('theirs', [...WHOLE, 'steady/logs/messages', 'steady/decisions/l.log'], 60);
    const found = await kept();
    assert.deepEqual(found.sort(), [
      ['added', "steady/why.txt in it is not deadair's"],
      ['below', "steady/captures/why.txt in it is not deadair's"],
      ['deeper', "steady/audio/mine in it is not deadair's"],
      ['noted', "notes.md in it is not deadair's"],
      ['theirs', null],
    ]);
  });

  it('does not know folders that are no runs, nor follows links', async () => {
    await write('photos', ['a.jpg'], 600);
    await write('elsewhere/run', WHOLE, 60);
    await symlink(join(folder, 'elsewhere', 'run'), join(folder, 'linked'));
    assert.deepEqual(await kept(), []);
  });

  it('keeps a run that may still go on, whatever age was asked for', async () => {
    await write('going', ['steady/plan.json', 'steady/journal.jsonl'], 0);
    const [run] = await oldRuns(folder, 0, NOW_MS + 60_000);
    assert.equal(run?.kept, 'it may still run');
    const [later] = await oldRuns(folder, 0, NOW_MS + 3_600_000);
    assert.equal(later?.kept, null);
  });

  it('takes what a killed write left for its own', async () => {
    await write('killed', [...WHOLE, 'report.html.4711.tmp'], 60);
    assert.deepEqual(await kept(), [['killed', null]]);
  });

  it('is removed whole, but not in a dry run', async () => {
    await write('old', WHOLE, 60);
    await write('noted', [...WHOLE, 'notes.md'], 60);
    const options = { olderThanMs: 0, environment: { DOCKER_HOST: `unix://${folder}/no.sock` } };
    const dry = await cleanUp(folder, { ...options, dryRun: true });
    assert.equal(dry.containers, null);
    assert.deepEqual([dry.removed.length, existsSync(join(folder, 'old'))], [1, true]);
    const { removed } = await cleanUp(folder, { ...options, dryRun: false });
    assert.deepEqual(removed, [{ path: join(folder, 'old'), bytes: 50 }]);
    assert.deepEqual(
      [existsSync(join(folder, 'old')), existsSync(join(folder, 'noted', 'notes.md'))],
      [false, true],
    );
  });

  it('says so if there is nothing to look through', async () => {
    await assert.rejects(oldRuns(join(folder, 'none'), 0), { code: 'CLEAN_UNREADABLE' });
  });
});
