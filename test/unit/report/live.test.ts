import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { openLiveView, type LiveView } from '../../../src/report/live.js';
import { HOSTILE } from '../../fixtures/results.js';

const SCENARIOS = [
  { id: 'steady', title: 'A quiet hour' },
  { id: 'carrier-cut', title: 'The cut' },
];

const STANDING = { scenarios: 2, done: 0, running: 0, judging: 0, wavesToCome: 0, atLeastMs: 0 };

/** A stream as the process has them, and what was written to it. */
function stream(isTTY: boolean) {
  const pass = new PassThrough();
  let text = '';
  pass.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const target = Object.assign(pass, { isTTY, columns: 80, rows: 30 }) as unknown as NodeJS.WriteStream;
  return { target, text: () => text };
}

/** What the terminal was told comes with the next frame of the display. */
async function drawn(text: () => string, what: string): Promise<void> {
  for (let frame = 0; frame < 30 && !text().includes(what); frame++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(text().includes(what), `${what} is drawn: ${text()}`);
}

interface Options {
  tty: boolean;
  json: boolean;
  quiet?: boolean;
  term?: string;
  drive: (view: LiveView) => void;
}

async function play(options: Options) {
  const stdout = stream(options.tty);
  const stderr = stream(options.tty);
  const view = openLiveView({
    scenarios: SCENARIOS,
    stdout: stdout.target,
    stderr: stderr.target,
    json: options.json,
    quiet: options.quiet ?? false,
    environment: { TERM: options.term ?? 'xterm' },
  });
  options.drive(view);
  await view.close();
  await view.close();
  return { stdout: stdout.text(), stderr: stderr.text() };
}

const tour = (view: LiveView) => {
  const line = view.scenario('carrier-cut', 'The cut');
  line.waits('waiting for a free place');
  view.run({ ...STANDING, running: 2, wavesToCome: 1, atLeastMs: 90_000 });
  line.phase('baseline');
  const ahead = {
    next: { what: 'healed', fault: 'cut sbc--carrier-a', inMs: 5400 },
    leftMs: 61_000,
  } as const;
  const state = { callsUp: 3, deafEars: 0, placed: 4, faults: [], upcoming: null };
  line.update(state);
  line.update({
    ...state,
    callsUp: 5,
    deafEars: 1,
    faults: ['cut sbc--carrier-a'],
    placed: 8,
    upcoming: ahead,
  });
  line.update({ ...state, callsUp: 6, faults: ['cut sbc--carrier-a'], placed: 9 });
  line.update({ ...state, callsUp: 2, placed: 20, upcoming: { next: null, leftMs: 0 } });
  line.done('pass', '81 of 100');
  view.run({ ...STANDING, done: 1, running: 1, wavesToCome: 1, atLeastMs: 8000 });
  view.run({ ...STANDING, done: 1, running: 1, wavesToCome: 0, atLeastMs: 7000 });
  view.scenario('steady', 'A quiet hour').done('invalid', 'not proven');
};

describe('live view', () => {
  it('prints a line for each change of phase or fault where there is no terminal', async () => {
    const { stdout, stderr } = await play({ tty: false, json: false, drive: tour });
    assert.deepEqual(stdout.split('\n'), [
      '[carrier-cut] The cut',
      '[carrier-cut] waiting for a free place',
      '0 of 2 scenarios done, 2 running · 1 wave to come · at least 1 min 30 s left',
      '[carrier-cut] baseline',
      '[carrier-cut] fault: cut sbc--carrier-a (5 calls up, 1 ear deaf, 8 placed; 1 min 1 s left; next: cut sbc--carrier-a ends in 6 s)',
      '[carrier-cut] faults healed (2 calls up, 20 placed; the last calls end)',
      '[carrier-cut] pass: 81 of 100',
      '1 of 2 scenarios done, 1 running · at least 7 s left',
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
    assert.match(
      stdout,
      /carrier-cut {2}pass: 81 of 100\n.*1 of 2 scenarios done, 1 running · at least 7 s left\n\u001b\[\?25h$/,
    );
  });

  it('has a line for what runs on a terminal, and none for what waits, until it is over', async () => {
    const stdout = stream(true);
    const view = openLiveView({
      scenarios: SCENARIOS,
      stdout: stdout.target,
      stderr: stream(true).target,
      json: false,
      quiet: false,
      environment: {},
    });
    view.scenario('steady', 'A quiet hour').waits('waiting for a free place');
    const line = view.scenario('carrier-cut', 'The cut');
    line.phase('calls and faults');
    const next = { what: 'applied', fault: 'cut sbc--carrier-a', inMs: 4000 } as const;
    line.update({
      callsUp: 1,
      deafEars: 2,
      placed: 8,
      faults: ['freeze pbx'],
      upcoming: { next, leftMs: 38_000 },
    });
    try {
      await drawn(stdout.text, 'carrier-cut  38 s left · 1 up, 2 deaf · freeze pbx');
      assert.doesNotMatch(stdout.text(), /steady/);
      line.phase('judging');
      await drawn(stdout.text, 'carrier-cut  judging\n');
    } finally {
      await view.close();
    }
    assert.match(stdout.text(), /steady {2}waiting for a free place/);
  });

  it('says under --quiet what it must, and nothing else', async () => {
    const drive = (view: LiveView) => {
      tour(view);
      view.notice('Ending the labs');
    };
    for (const tty of [true, false])
      assert.deepEqual(await play({ tty, json: false, quiet: true, drive }), {
        stdout: '',
        stderr: '\nEnding the labs\n',
      });
  });

  it('prints plain lines on a terminal that can take nothing back', async () => {
    const { stdout } = await play({ tty: true, json: false, term: 'dumb', drive: tour });
    assert.match(stdout, /^\[carrier-cut\] pass: 81 of 100$/m);
    assert.ok(!stdout.includes('\u001b'));
  });

  it('gives a notice at once, on a terminal below its lines, and takes it away in the end', async () => {
    const plain = await play({ tty: false, json: false, drive: (view) => view.notice('Ending the labs') });
    assert.deepEqual(plain, { stdout: '', stderr: '\nEnding the labs\n' });
    const { stdout } = await play({
      ...{ tty: true, json: false },
      drive: (view) => {
        tour(view);
        view.notice('Ending the labs');
      },
    });
    assert.doesNotMatch(stdout.slice(stdout.lastIndexOf('\u001b[G')), /Ending/);
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
