import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signatureKey, SignatureSource, type Direction } from '../../../../src/audio/signature.js';
import { analyzeCaptures } from '../../../../src/run/analyze.js';
import {
  CALLEE,
  CALLER,
  callPackets,
  CaptureFolder,
  mediaBack,
  mediaPackets,
} from '../../../fixtures/field.js';

const EPOCH_MS = 1_700_000_000_000;
const SEED = 77;
/** The lab's clock began 20 s before the capture. */
const LAB_MS = 20_000;

const voice = (call: string, direction: Direction) =>
  new SignatureSource(signatureKey(SEED, call, direction), LAB_MS + 3020);

function writeRun(folder: CaptureFolder, nodes: object[] = []): string {
  const run = join(folder.path, 'run', 'scenario');
  mkdirSync(run, { recursive: true });
  const calls = ['one', 'two'].map((id) => ({ id, sipCallId: `${id}@lab` }));
  writeFileSync(
    join(run, 'plan.json'),
    JSON.stringify({ schemaVersion: 1, seed: SEED, lab: { nodes }, calls }),
  );
  const clock = { atMs: 0, event: 'clock', wallEpochMs: EPOCH_MS - LAB_MS };
  writeFileSync(join(run, 'journal.jsonl'), `${JSON.stringify(clock)}\n`);
  return join(folder.path, 'run');
}

describe('captures of a run', () => {
  let folder: CaptureFolder;
  let run: string;
  beforeEach(() => {
    folder = new CaptureFolder();
    run = writeRun(folder);
  });
  afterEach(() => folder[Symbol.dispose]());
  const write = (toCaller: [call: string, direction: Direction]) =>
    folder.write(
      'a.pcap',
      [
        ...callPackets({ callId: 'one@lab' }),
        ...mediaPackets({ fromMs: 3020, toMs: 9000, source: voice('one', 'from-caller') }),
        ...mediaBack({ fromMs: 3020, toMs: 9000, source: voice(...toCaller) }),
      ],
      { epochMs: EPOCH_MS },
    );

  it('are heard by their signatures, if the run is named', async () => {
    const path = write(['one', 'from-callee']);
    for (const named of [run, join(run, 'scenario'), join(run, 'scenario', 'plan.json')]) {
      const { calls, findings } = await analyzeCaptures([path], { run: named });
      const { caller, callee } = calls[0]!.ears;
      assert.deepEqual([caller?.judgedBy, caller?.class, callee?.class], ['signature', 'correct', 'correct']);
      assert.ok(caller!.heardShare! > 0.98);
      assert.ok(Math.abs(caller!.delayMs!) < 5, `${caller!.delayMs}`);
      assert.ok(caller!.mos.conversational! > 4.3);
      assert.deepEqual(findings, []);
    }
  });

  it('have a stranger on the line only if the run is named', async () => {
    const path = write(['one', 'from-caller']);
    const named = await analyzeCaptures([path], { run });
    assert.equal(named.calls[0]?.ears.caller?.class, 'echo');
    assert.deepEqual(
      named.findings.map(({ code }) => code),
      ['ONE_WAY_AUDIO'],
    );
    const unnamed = await analyzeCaptures([path]);
    assert.deepEqual([unnamed.calls[0]?.ears.caller?.judgedBy, unnamed.exitCode], ['activity', 0]);
  });

  it('are heard behind a PBX in the name of the leg that answered, if that is known and no softphone’s', async () => {
    const pbx = '198.18.0.15';
    const made = callPackets({ callId: 'made', atMs: 100, answerMs: 2880, byeMs: 8890 }).map((packet) => ({
      ...packet,
      ...(packet.src === CALLER ? { src: pbx } : { dst: pbx }),
    }));
    const first = callPackets({ callId: 'one@lab', calleeMedia: `${pbx}:42000` }).map((packet) => ({
      ...packet,
      ...(packet.src === CALLER ? { dst: pbx } : { src: pbx }),
    }));
    const back = { fromMs: 3020, toMs: 9000, src: `${pbx}:42000`, source: voice('made', 'from-callee') };
    const hears = async (legs: typeof made, callee: object) => {
      run = writeRun(folder, [{ name: 'pbx', role: 'pbx', softphone: null, interfaces: [] }, callee]);
      const path = folder.write('pbx.pcap', [...legs, ...mediaBack(back)], { epochMs: EPOCH_MS });
      const { calls } = await analyzeCaptures([path], { run });
      const { judgedBy, class: heard } = calls[0]!.ears.caller!;
      return [judgedBy, heard];
    };
    const interfaces = [{ name: 'lan', address: CALLEE, captured: true }];
    const phone = { name: 'phone', role: 'phone', softphone: null, interfaces };
    assert.deepEqual(await hears([...first, ...made], phone), ['signature', 'correct']);
    assert.deepEqual(await hears(first, phone), ['activity', 'other-audio']);
    const softphone = { ...phone, softphone: 'baresip' };
    assert.deepEqual(await hears([...first, ...made], softphone), ['activity', 'other-audio']);
  });

  it('need a run that can be read', async () => {
    const path = write(['one', 'from-callee']);
    await assert.rejects(analyzeCaptures([path], { run: folder.path }), {
      code: 'RUN_FOLDER_UNREADABLE',
      exitCode: 64,
    });
  });
});
