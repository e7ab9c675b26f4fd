import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeResult } from '../../../src/report/json.js';
import { CLI } from '../../fixtures/cli.js';
import { carrierCut, missedTwin, runOf } from '../../fixtures/results.js';

const deadair = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env });

describe('deadair report', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deadair-report-'));
    await writeResult(folder, runOf([carrierCut(), missedTwin()], 1));
  });
  after(() => rm(folder, { recursive: true }));

  it('writes the reports from result.json alone, and Markdown if asked', async () => {
    const summary = join(folder, 'summary.md');
    const { status, stdout } = deadair(['report', folder, '--summary', summary]);
    assert.equal(status, 0);
    for (const path of stdout.trim().split('\n')) assert.ok(existsSync(path), path);
    assert.match(await readFile(summary, 'utf8'), /1 of 2 as expected/);
  });

  it("makes Allure's report, whose history goes on", async () => {
    const first = deadair(['report', folder, '--allure', '--json']);
    assert.equal(first.status, 0, first.stderr);
    const index = (JSON.parse(first.stdout) as string[]).at(-1) ?? '';
    assert.match(await readFile(index, 'utf8'), /<title>Allure Report<\/title>/);
    const again = deadair(['report', folder, '--allure', '--history', folder]);
    assert.equal(again.status, 0, again.stderr);
    const trend = join(folder, 'allure-report', 'widgets', 'history-trend.json');
    assert.equal((JSON.parse(await readFile(trend, 'utf8')) as unknown[]).length, 2);
  });

  it('says what is missing: Java, a history, a run', () => {
    const withoutJava = deadair(['report', folder, '--allure'], { ...process.env, PATH: '/bin-of-nobody' });
    assert.equal(withoutJava.status, 3);
    assert.match(withoutJava.stderr, /^JAVA_MISSING: .*apt-get install default-jre-headless/);
    const withoutHistory = deadair(['report', folder, '--allure', '--history', tmpdir()]);
    assert.equal(withoutHistory.status, 64);
    assert.match(withoutHistory.stderr, /^ALLURE_HISTORY_MISSING: /);
    const withoutRun = deadair(['report', join(folder, 'no-run')]);
    assert.equal(withoutRun.status, 64);
    assert.match(withoutRun.stderr, /^RESULT_MISSING: /);
  });

  it('compares runs', () => {
    const { status, stdout } = deadair(['report', '--compare', folder, folder, '--json']);
    assert.equal(status, 0);
    const compared = JSON.parse(stdout) as { id: string; change: string }[];
    assert.deepEqual(
      compared.map(({ id, change }) => [id, change]),
      [
        [carrierCut().id, 'same'],
        [missedTwin().id, 'same'],
      ],
    );
  });
});

describe('deadair report --trend', () => {
  it('takes a folder of runs, tells what it left out, and writes a page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-trend-'));
    for (const name of ['1', '2', 'damaged']) await mkdir(join(folder, name));
    await writeResult(join(folder, '1'), runOf([carrierCut()]));
    await writeResult(join(folder, '2'), { ...runOf([carrierCut()]), startedAt: '2026-02-01T00:00:00.000Z' });
    await writeFile(join(folder, 'damaged', 'result.json'), '{');
    const page = join(folder, 'trend.html');
    const { status, stdout, stderr } = deadair(['report', '--trend', folder, '--html', page]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^2 runs, from 1 to 2\n[\s\S]*carrier-cut\n +verdict +✔✔/);
    assert.match(stderr, /^left out: RESULT_UNREADABLE: .*damaged/);
    assert.match(await readFile(page, 'utf8'), /1 scenario over 2 runs/);
    const nothing = deadair(['report', '--trend', join(folder, 'damaged')]);
    assert.equal(nothing.status, 64);
    assert.match(nothing.stderr, /^RUNS_MISSING: /);
    await rm(folder, { recursive: true });
  });
});
