import assert from 'node:assert/strict';
import { scoreboard, wantsColour } from '../../../src/report/scoreboard.js';
import {
  carrierCut,
  caughtTwin,
  hostile,
  invalidRun,
  missedTwin,
  runOf,
  steady,
} from '../../fixtures/results.js';

const ALL = runOf([steady(), carrierCut(), caughtTwin(), missedTwin(), invalidRun(), hostile()], 2);
const plain = scoreboard(ALL, { colour: false, reports: ['reports/x/report.html', 'reports/x/junit.xml'] });
const lineOf = (id: string) => plain.split('\n').find((line) => line.slice(2).startsWith(id))!;

describe('scoreboard', () => {
  it('has a row a scenario with verdict, axes and key figures', () => {
    assert.match(lineOf('carrier-cut '), /^✔ carrier-cut +pass +81 +93 +100 +81 +2\.76 s +0 +2\/2$/);
    assert.match(lineOf('backup-drops-media@'), /^✔ .* fail +96 +42 +– +42 +0\.26 s +38 +0\/0$/);
  });

  it('marks what did not go as expected, with the reason', () => {
    assert.match(lineOf('carrier-flaps@no-hysteresis'), /^✘/);
    assert.match(plain, /expected FLAPPING, which was not found first/);
    assert.match(plain, /FAULT_NOT_PROVEN: fault-1 did not take hold/);
    assert.match(plain, /MEDIA_BLOCKED_ON_BACKUP: Calls on carrier-b connect/);
  });

  it('tells of attempts before the one that counts', () => {
    const problems = [{ code: 'HOST_STARVED', summary: 'x' }];
    const result = { ...steady(), earlier: [{ folder: 'earlier_attempts/steady.1', problems }] };
    const told = 'attempt 1 was invalid: HOST_STARVED (earlier_attempts/steady.1)';
    assert.ok(scoreboard(runOf([result]), { colour: false, reports: [] }).includes(`    ${told}`));
    assert.doesNotMatch(plain, /attempt 1/);
  });

  it('says never where callers never heard ringing', () => {
    const deaf = carrierCut();
    deaf.calls = deaf.calls.map((call) => ({ ...call, ringbackAt: null }));
    assert.match(scoreboard(runOf([deaf]), { colour: false, reports: [] }), /carrier-cut .* never +0/);
  });

  it('ends with the meaning of the exit code and the reports', () => {
    assert.ok(
      plain.endsWith(
        'exit 2: a fault or a measure could not be trusted\n  reports/x/report.html\n  reports/x/junit.xml\n',
      ),
    );
    assert.match(plain, /4 of 6 as expected in 83\.4 s\./);
    const cutShort = { ...ALL, wallMs: null };
    assert.match(scoreboard(cutShort, { colour: false, reports: [] }), /^4 of 6 as expected\.$/m);
  });

  it('fits 100 columns and steers no terminal, whatever the names', () => {
    for (const line of plain.split('\n')) {
      assert.ok([...line].length <= 100, line);
      assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
    }
  });

  it('is the same text under its colours', () => {
    const coloured = scoreboard(ALL, { colour: true, reports: [] });
    const bare = coloured.replace(/\u001b\[\d+m/g, '');
    assert.notEqual(coloured, bare);
    assert.equal(bare, scoreboard(ALL, { colour: false, reports: [] }));
  });

  it('wants colour on a terminal only, and not under NO_COLOR', () => {
    const stream = (isTTY: boolean) => ({ isTTY }) as NodeJS.WriteStream;
    assert.equal(wantsColour(stream(true), {}), true);
    assert.equal(wantsColour(stream(true), { NO_COLOR: '' }), true);
    assert.equal(wantsColour(stream(true), { NO_COLOR: '1' }), false);
    assert.equal(wantsColour(stream(true), { TERM: 'dumb' }), false);
    assert.equal(wantsColour(stream(false), {}), false);
  });
});
