import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { DeadairError } from '../../../src/base/errors.js';
import { readJournal, readPlan } from '../../../src/evidence/run-files.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { makeScenarioFolder } from '../../fixtures/scenario-folder.js';

describe('readPlan and readJournal', () => {
  let folder: string;
  beforeEach(() => (folder = makeScenarioFolder({ nodes: { phone: { sbc: '198.18.0.1', port: null } } })));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Checks that it's the error for this file and line. */
  const unreadable = (file: string, line: number, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof DeadairError);
    assert.equal(error.code, 'RUN_FOLDER_UNREADABLE');
    assert.equal(error.exitCode, 64);
    assert.deepEqual([error.place?.file, error.place?.line], [file, line]);
    assert.match(error.message, message);
    return true;
  };

  it('reads them', async () => {
    assert.equal((await readPlan(folder)).lab.nodes[0]?.interfaces[0]?.address, '198.18.0.1');
    assert.deepEqual(await readJournal(folder), [
      { atMs: 0, event: 'clock', wallEpochMs: 1_700_000_000_000 },
    ]);
  });

  it('tells what is wrong with a plan', async () => {
    const { plan } = scenarioFiles(folder);
    const cases: [string, RegExp][] = [
      ['{', /is not JSON/],
      ['[]', /a plan is an object/],
      ['{"schemaVersion":2}', /schemaVersion is 2/],
      ['{"schemaVersion":1,"lab":{}}', /no lab.nodes/],
      [
        '{"schemaVersion":1,"lab":{"nodes":[{"name":"a","interfaces":[{"name":"b"}]}]}}',
        /lab.nodes\[0\] needs/,
      ],
    ];
    for (const [text, message] of cases) {
      writeFileSync(plan, text);
      await assert.rejects(readPlan(folder), unreadable(plan, 1, message));
    }
    rmSync(plan);
    await assert.rejects(readPlan(folder), unreadable(plan, 1, /cannot be read: ENOENT/));
  });

  it('names the line of a damaged journal', async () => {
    const { journal } = scenarioFiles(folder);
    const good = '{"atMs":1,"event":"traffic-started"}\n';
    const cases: [string, RegExp][] = [
      ['{"atMs":2,"event":"traf', /is not JSON/],
      ['{"atMs":"2","event":"x"}', /needs "event" and a number "atMs"/],
      ['7', /needs "event"/],
      ['{"atMs":2,"event":"clock"}', /needs a number "wallEpochMs"/],
    ];
    for (const [line, message] of cases) {
      writeFileSync(journal, `${good}\n${line}\n${good}`);
      await assert.rejects(readJournal(folder), unreadable(journal, 3, message));
    }
    rmSync(journal);
    await assert.rejects(readJournal(folder), unreadable(journal, 1, /cannot be read: ENOENT/));
  });
});
