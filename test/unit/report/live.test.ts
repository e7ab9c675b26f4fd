import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { openLiveView, type LiveView } from '../../../src/report/live.js';
import { HOSTILE } from '../../fixtures/results.js';

const SCENARIOS = [
  { id: 'steady', title: 'A quiet hour' },
  { id: 'carrier-cut', title: 'The cut' },
];

/** A stream as the process has them, and what was written to it. */
function stream(isTTY: boolean) {
  const pass = new PassThrough();
  let text = '';
  pass.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const target = Object.assign(pass, { isTTY, columns: 100, rows: 30 }) as unknown as NodeJS.WriteStream;
  return { target, text: () => text };
}

async function play(options: { tty: boolean; json: boolean; drive: (view: LiveView) => void }) {
  const stdout = stream(options.tty);
  const stderr = stream(options.tty);
  const view = openLiveView({
    scenarios: SCENARIOS,
    stdout: stdout.target,
    stderr: stderr.target,
    json: options.json,
  });
  options.drive(view);
  await view.close();
  await view.close();
  return { stdout: stdout.text(), stderr: stderr.text() };
}

const tour = (view: LiveView) => {
  const line = view.scenario('carrier-cut', 'The cut');
  line.phase('baseline');
  line.update({ callsUp: 3, faults: [], placed: 4 });
  line.update({ callsUp: 5, faults: ['cut blackhole sbc--carrier-a'], placed: 8 });
  line.update({ callsUp: 6, faults: ['cut blackhole sbc--carrier-a'], placed: 9 });
  line.update({ callsUp: 2, faults: [], placed: 20 });
  line.done('pass', '81 of 100');
  view.scenario('steady', 'A quiet hour').done('invalid', 'not proven');
};

describe('live view', () => {
  it('prints a line for each change of phase or fault where there is no terminal', async () => {
    const { stdout, stderr } = await play({ tty: false, json: false, drive: tour });
    assert.deepEqual(stdout.split('\n'), [
      '[carrier-cut] The cut',
      '[carrier-cut] baseline',
      '[carrier-cut] fault: cut blackhole sbc--carrier-a (5 calls up, 8 placed)',
      '[carrier-cut] faults healed (2 calls up, 20 placed)',
      '[carrier-cut] pass: 81 of 100',
      '[steady] A quiet hour',
      '[steady] invalid: not proven',
      '',
    ]);
    assert.equal(stderr, '');
  });

  it('keeps stdout for the machine under --json, on a terminal too', async () => {
    const { stdout, stderr } = await play({ tty: true, json: true, drive: tour });
    assert.equal(stdout, '');
    assert.match(stderr, /\[carrier-cut\] pass: 81 of 100/);
  });

  it('leaves a line a scenario on a terminal', async () => {
    const { stdout } = await play({ tty: true, json: false, drive: tour });
    const final = stdout.split('\n').filter((line) => /steady|carrier-cut/.test(line));
    assert.match(final.at(-2)!, /steady {2}invalid: not proven/);
    assert.match(final.at(-1)!, /carrier-cut {2}pass: 81 of 100/);
  });

  it('closes though a scenario never ended', async () => {
    const { stdout } = await play({ tty: true, json: false, drive: (view) => view.scenario('steady', 'A') });
    assert.match(stdout, /carrier-cut {2}waiting/);
  });

  for (const tty of [true, false])
    it(`lets no text steer a ${tty ? 'terminal' : 'log'}`, async () => {
      const drive = (view: LiveView) =>
        view.scenario('steady', HOSTILE).phase(`${HOSTILE.slice(-8)}\r\nforged`);
      const { stdout } = await play({ tty, json: false, drive });
      assert.match(stdout, /forged/);
      assert.ok(!stdout.includes('&\u001b[31m') && !stdout.includes('\u202e') && !stdout.includes('\u0000'));
      assert.doesNotMatch(stdout, /^forged/m);
    });
});
