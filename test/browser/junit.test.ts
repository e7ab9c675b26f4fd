import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { junitXml } from '../../src/report/junit.js';
import { carrierCut, caughtTwin, hostile, invalidRun, missedTwin, runOf } from '../fixtures/results.js';
import { launchChromium } from './chromium.js';

interface ReadCase {
  suite: string;
  name: string;
  marks: string[];
  message: string;
  output: string;
}

/** Runs in the browser: a string, so that the harness need not be typed as if it ran there. */
const READ = `(text) => {
  const parsed = new DOMParser().parseFromString(text, 'application/xml');
  const failure = parsed.querySelector('parsererror');
  if (failure) throw new Error(failure.textContent);
  return {
    totals: Object.fromEntries([...parsed.documentElement.attributes].map(({ name, value }) => [name, value])),
    cases: [...parsed.querySelectorAll('testcase')].map((one) => {
      const marks = [...one.children].filter(({ tagName }) => tagName !== 'system-out');
      return {
        suite: one.parentElement.getAttribute('name'),
        name: one.getAttribute('name'),
        marks: marks.map(({ tagName }) => tagName),
        message: marks[0]?.getAttribute('message') ?? '',
        output: one.querySelector('system-out').textContent,
      };
    }),
  };
}`;

describe('junit.xml, read back by a browser’s XML parser', () => {
  let browser: Browser;
  let totals: Record<string, string>;
  let cases: ReadCase[];

  before(async () => {
    browser = await launchChromium();
    const page = await browser.newPage();
    const xml = junitXml(runOf([carrierCut(), caughtTwin(), missedTwin(), invalidRun(), hostile()]));
    ({ totals, cases } = await page.evaluate<{ totals: typeof totals; cases: ReadCase[] }>(
      `(${READ})(${JSON.stringify(xml)})`,
    ));
  });
  after(() => browser.close());

  const of = (id: string) => cases.filter(({ suite }) => suite.startsWith(`${id}: `));

  it('counts failures, errors and skipped apart', () => {
    assert.deepEqual(totals, { name: 'deadair', tests: '15', failures: '1', errors: '2', skipped: '1' });
  });

  it('passes a twin that failed as it should, with its diagnosis in the output', () => {
    const twin = of('backup-drops-media@backup-firewall-drops-rtp');
    assert.ok(twin.length === 3 && twin.every(({ marks }) => marks.length === 0));
    assert.match(twin[2]!.output, /failed as it should: MEDIA_BLOCKED_ON_BACKUP/);
  });

  it('fails a twin that was not caught', () => {
    const [, verdict] = of('carrier-flaps@no-hysteresis');
    assert.deepEqual(verdict!.marks, ['failure']);
    assert.match(verdict!.message, /was not caught/);
  });

  it('has errors, not failures, for an invalid run', () => {
    assert.deepEqual(
      of('carrier-flaps').map(({ marks }) => marks),
      [['skipped'], ['error'], ['error']],
    );
  });

  it('keeps hostile text as text', () => {
    const evil = of(
      'evil-<script>window.pwned=1</script>"><img src=x onerror=window.pwned=1>\'`{{constructor}}</svg>]]>&·[31m··',
    );
    assert.equal(evil.length, 2);
    assert.match(evil[0]!.output, /\]\] >&·/);
  });
});
