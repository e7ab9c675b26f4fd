import assert from 'node:assert/strict';
import { annotations } from '../../../src/report/annotations.js';
import { runMarkdown } from '../../../src/report/markdown.js';
import {
  carrierCut,
  caughtTwin,
  hostile,
  invalidRun,
  missedTwin,
  runOf,
  steady,
} from '../../fixtures/results.js';

const run = runOf([steady(), carrierCut(), caughtTwin(), missedTwin(), invalidRun()], 2);

describe('runMarkdown', () => {
  const text = runMarkdown(run, 'reports/x');

  it('has a row a scenario, and a section for each that did not go as it should', () => {
    assert.match(text, /^## deadair: 3 of 5 as expected\n/);
    assert.match(text, /\| ✔ \| carrier-cut \| pass \| 81 \| 93 \| 100 \| 2\.76 s \| 0 \| {2}\|/);
    assert.deepEqual(
      [...text.matchAll(/^### ([^:]+)/gm)].map((match) => match[1]),
      [missedTwin().id, invalidRun().id],
    );
    assert.match(text, /expected fail with FLAPPING first/);
  });

  it('tells of attempts before the one that counts', () => {
    const problems = [{ code: 'HOST_STARVED', summary: 'x' }];
    const result = { ...steady(), earlier: [{ folder: 'earlier/steady.1', problems }] };
    assert.match(
      runMarkdown(runOf([result]), 'x'),
      /^- steady: attempt 1 was invalid: HOST\\_STARVED \(earlier\/steady\.1\)$/m,
    );
    assert.doesNotMatch(text, /attempt 1/);
  });

  it('lets nothing of a name or a message become Markdown or HTML', () => {
    const shown = runMarkdown(runOf([hostile()], 1), 'reports/x');
    assert.doesNotMatch(shown, /(?<!\\)<(script|img|b|i|a)\b/i);
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    const rows = shown.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).length, 11, row);
  });
});

describe('annotations', () => {
  it('are errors for failures, warnings for what is not trusted, and nothing else', () => {
    const lines = annotations(run);
    assert.equal(lines.length, 2);
    assert.ok(
      lines.some((line) => line.startsWith('::error ') && line.includes(`title=${missedTwin().id}::`)),
    );
    assert.ok(lines.some((line) => line.startsWith('::warning ') && line.includes('FAULT_NOT_PROVEN: ')));
  });

  it('keep to their line and their fields, whatever a name has in it', () => {
    const [line = ''] = annotations(
      runOf([{ ...hostile(), id: 'a,b::c%\n::error::x', asExpected: false }], 1),
    );
    assert.match(line, /title=a%2Cb%3A%3Ac%25·%3A%3Aerror%3A%3Ax::/);
    assert.ok(!line.includes('\n'));
  });
});
