import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeAllure } from '../../../src/report/allure.js';
import { carrierCut, caughtTwin, hostile, invalidRun, missedTwin, runOf } from '../../fixtures/results.js';

interface Generated {
  name: string;
  status: string;
  labels: { name: string; value: string }[];
  parameters: { name: string; value: string }[];
  testStage: { steps: { name: string; attachments: { name: string; size: number }[] }[] };
}

describe('allure results', () => {
  let folder: string;
  let cases: Generated[];

  before(async function () {
    this.timeout(120_000); // a Java virtual machine starts
    const java = await execa('java', ['-version'], { reject: false });
    if (java.failed) {
      this.test!.parent!.title += ' (skipped: no Java on this machine, which allure needs)';
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'deadair-allure-'));
    await mkdir(join(folder, 'carrier-cut'));
    await writeFile(join(folder, 'carrier-cut', 'plan.json'), '{"schemaVersion":1}');
    await writeFile(join(folder, 'carrier-cut', 'journal.jsonl'), '{"atMs":0,"event":"traffic-started"}\n');
    const run = runOf([carrierCut(), caughtTwin(), missedTwin(), invalidRun(), hostile()], 2);
    await writeAllure(folder, runOf([carrierCut()]));
    await writeAllure(folder, run);
    await execa('npx', ['allure', 'generate', join(folder, 'allure-results'), '-o', join(folder, 'site')]);
    const data = join(folder, 'site', 'data', 'test-cases');
    const files = (await readdir(data)).filter((name) => name.endsWith('.json'));
    cases = await Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(data, name), 'utf8')) as Generated),
    );
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true });
  });

  const label = (one: Generated, name: string) => one.labels.find((each) => each.name === name)?.value;
  const of = (suite: string) => cases.filter((one) => label(one, 'suite') === suite);
  const statuses = (suite: string) =>
    of(suite)
      .map(({ name, status }) => `${name}: ${status}`)
      .sort();

  it('hold a case an expectation, once though written twice', () => {
    assert.equal(cases.length, 5 + 3 + 2 + 3 + 2);
    assert.equal(of('carrier-cut').length, 5);
  });

  it('tell failed, broken and skipped apart', () => {
    assert.deepEqual(statuses('carrier-flaps@no-hysteresis'), [
      'diagnosis FLAPPING names the planted defect: failed',
      'e1-time-to-ringback-p95: passed',
    ]);
    assert.deepEqual(statuses('carrier-flaps'), [
      'diagnosis: nothing is wrong: broken',
      'e1-time-to-ringback-p95: skipped',
      'e2-settle-time: broken',
    ]);
    assert.ok(of('backup-drops-media@backup-firewall-drops-rtp').every(({ status }) => status === 'passed'));
  });

  it('carry tags, seed and emulator', () => {
    const [one] = of('carrier-cut');
    assert.deepEqual(
      one!.labels.filter(({ name }) => name === 'tag').map(({ value }) => value),
      ['trunk', 'pre-release', 'dr'],
    );
    const parameters = Object.fromEntries(one!.parameters.map(({ name, value }) => [name, value]));
    assert.deepEqual([parameters['seed'], parameters['emulator']], ['20260101', 'wire']);
  });

  it('attach plan and journal to the verdict, and the figures to every case', () => {
    const attached = (one: Generated) =>
      one.testStage.steps.flatMap(({ attachments }) =>
        attachments.filter(({ size }) => size > 0).map(({ name }) => name),
      );
    for (const one of of('carrier-cut'))
      assert.deepEqual(
        attached(one),
        one.name.startsWith('diagnosis')
          ? ['figures and evidence', 'plan.json', 'journal.jsonl']
          : ['figures and evidence'],
      );
  });
});
