import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Callees } from '../../../src/calls/callees.js';
import { Registrations } from '../../../src/calls/registrations.js';
import { nodeFolders, type StartedNode, type StartedProgram } from '../../../src/lab/runtime.js';
import { JournalWriter } from '../../../src/runfolder/journal-writer.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { plan as planWith } from '../../fixtures/plans.js';

/** A lab in which the desk registers. */
function phone() {
  const plan = planWith();
  const [desk] = plan.lab.nodes;
  const [iface] = desk?.interfaces ?? [];
  assert.ok(desk?.name === 'desk' && iface);
  iface.address = '198.18.0.2';
  desk.registration = {
    extension: '1001',
    secret: 'of-this-lab-only',
    registrar: { node: 'sbc', address: '198.18.0.1', port: 5060 },
    expiresS: 60,
    refreshS: 30,
    retryS: 2,
  };
  return { plan, desk };
}

describe('Registrations', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'deadair-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('start again with the power, as others than before, and tell of both programs', async () => {
    const { plan, desk } = phone();
    const files = scenarioFiles(folder);
    await mkdir(files.logs, { recursive: true });
    await mkdir(files.config('desk', '.'), { recursive: true });
    const commands: (readonly string[])[] = [];
    // SIPp that is registered at once.
    const start = async (name: string, command: readonly string[]) => {
      commands.push(command);
      const log = command[command.indexOf('-log_file') + 1] ?? '';
      await appendFile(log.replace(nodeFolders.logs, files.logs), 'registered 1001 30000\n');
      const program: Partial<StartedProgram> = { name, running: true };
      return program as StartedProgram;
    };
    const node: Partial<StartedNode> = { name: 'desk', start };
    const told: string[] = [];
    const callees = new Callees(plan, folder, () => undefined);
    await using registrations = new Registrations({
      plan,
      scenarioFolder: folder,
      journal: new JournalWriter(files.journal),
      callees,
      onProgram: (of, { name }) => told.push(`${of} ${name}`),
    });
    await registrations.again(desk, node as StartedNode);
    assert.deepEqual(told, [], 'the first boot is before all phones register');
    await registrations.startAll(() => node as StartedNode);
    await registrations.again(desk, node as StartedNode);
    assert.deepEqual(told, ['desk sipp-phone', 'desk sipp-phone-boot-2']);
    const callIds = commands.map((command) => command[command.indexOf('-cid_str') + 1]);
    assert.deepEqual(callIds, ['register-%u@desk.deadair', 'register-%u-boot-2@desk.deadair']);
    const script = await readFile(files.config('desk', 'phone-boot-2.xml'), 'utf8');
    assert.match(script, /branch=\[branch\]-desk-boot-2-/);
  });
});
