import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { until } from '../../fixtures/killed.js';

const PROGRAM = join(packageFolder(), 'dist', 'test', 'fixtures', 'live-view.js');
const CTRL_C = '\u0003';
const [HIDE, SHOW] = ['\u001b[?25l', '\u001b[?25h'];

describe('the live view on a real terminal', function () {
  this.timeout(30_000);

  for (const columns of [80, 120])
    it(`tells how it stands on ${columns} columns, answers Ctrl-C at once, and gives the terminal back`, async () => {
      const command = `stty cols ${columns} rows 24; exec '${process.execPath}' '${PROGRAM}'`;
      const terminal = spawn('script', ['-qec', command, '/dev/null'], {
        env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', SHELL: '/bin/sh' },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let text = '';
      terminal.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const ended = once(terminal, 'exit');
      const drawn = (what: string) => until(`${what} is drawn`, () => text.includes(what));
      try {
        await drawn('carrier-cut  starting the lab');
        await drawn(
          columns === 80
            ? 'carrier-cut  38 s left · 5 up, 2 deaf · cut sbc--carrier-a (ends in 6 s)\r\n'
            : 'carrier-cut  38 s left · 5 calls up, 2 ears deaf, 23 placed · fault cut sbc--carrier-a (ends in 6 s)\r\n',
        );
        await drawn('✔ steady  pass: 34 calls');
        await drawn('1 of 2 scenarios done, 1 running · at least 38 s left');
        assert.ok(text.includes(HIDE) && !text.includes(SHOW), 'the view has the cursor');
        assert.doesNotMatch(text, /\u001b\[\d+m/, 'NO_COLOR');
        terminal.stdin.write(CTRL_C);
        await drawn('Ending the labs; once more ends at once.');
        terminal.stdin.write(CTRL_C);
        const [code] = (await ended) as [number];
        assert.equal(code, 130);
        assert.match(text, /the last words/, 'what was held back is told');
        assert.ok(text.lastIndexOf(SHOW) > text.lastIndexOf(HIDE), 'the cursor is back');
      } finally {
        terminal.kill('SIGKILL');
      }
    });
});
