import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { writeHtml } from '../../src/report/html.js';
import type { RunResult } from '../../src/verdict/types.js';
import {
  carrierCut,
  caughtTwin,
  hostile,
  invalidRun,
  missedTwin,
  runOf,
  steady,
} from '../fixtures/results.js';
import { faintTexts } from './contrast.js';
import { ReportStand, type PageOptions } from './stand.js';

const RUN = runOf([steady(), carrierCut(), caughtTwin(), missedTwin(), invalidRun()], 2);

describe('report.html in a browser', () => {
  let stand: ReportStand;
  before(async () => {
    stand = await ReportStand.open();
  });
  after(() => stand.close());

  async function open(run: RunResult, options?: PageOptions) {
    await writeHtml(stand.folder, run);
    return stand.visit('', options);
  }

  const texts = (page: Page, selector: string) => page.locator(selector).allTextContents();

  it('shows the scoreboard and each scenario, asks for nothing and complains of nothing', async () => {
    const { page, complaints, requests, url } = await open(RUN);
    assert.equal(await page.locator('h1').textContent(), '3 of 5 scenarios went as expected');
    assert.deepEqual(await texts(page, '.scoreboard .verdict'), ['pass', 'pass', 'fail', 'pass', 'invalid']);
    assert.deepEqual(await texts(page, '.scoreboard .why code'), [
      'MEDIA_BLOCKED_ON_BACKUP',
      'FAULT_NOT_PROVEN',
    ]);
    assert.equal(await page.getByRole('img', { name: 'Timeline of carrier-cut' }).count(), 1);
    assert.equal(await page.locator('#scenario-2 .call').count(), 100);
    assert.deepEqual(await texts(page, '#scenario-2 .fault text'), [
      'cut blackhole · sbc--carrier-a · proven',
    ]);
    assert.deepEqual(requests, [url]);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('has landmarks, one h1, a name for every region and unique ids', async () => {
    const { page } = await open(RUN);
    assert.equal(await page.getByRole('main').count(), 1);
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    const nameless = await page
      .locator('[role=region]:not([aria-label]), section:not([aria-labelledby])')
      .count();
    assert.equal(nameless, 0);
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
    assert.equal(new Set(ids).size, ids.length);
    const references = await page.evaluate<string[]>(
      "[...document.querySelectorAll('[aria-labelledby]')].map((one) => one.getAttribute('aria-labelledby'))",
    );
    const dangling = references.flatMap((list) => list.split(' ')).filter((id) => !ids.includes(id));
    assert.deepEqual(dangling, []);
    await page.close();
  });

  it('tells the facts of a call under the pointer, and hides them again', async () => {
    const { page } = await open(RUN);
    const tip = page.getByRole('tooltip');
    assert.equal(await tip.isVisible(), false);
    await page.locator('#scenario-3 .call.trunk-1 .reach').nth(3).hover();
    const text = await tip.textContent();
    assert.match(text!, /by carrier-b\nINVITE at 1\d\.\d s\nringing \+0\.\d\d s/);
    assert.match(text!, /callee's ear: nothing, heard 0 %\none-way audio/);
    const box = (await tip.boundingBox())!;
    assert.ok(box.x >= 0 && box.x + box.width <= 1280 && box.y >= 0 && box.y + box.height <= 900);
    await page.locator('#scenario-3 h2').hover();
    assert.equal(await tip.isVisible(), false);
    await page.close();
  });

  it('can be read without its script', async () => {
    const { page } = await open(RUN, { javaScriptEnabled: false });
    assert.equal(await page.locator('#scenario-2 .call > title').count(), 100);
    await page.close();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has its own ${colorScheme} colours, with contrast enough to read`, async () => {
      const { page } = await open(RUN, { colorScheme });
      const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const [level] = ground.match(/\d+/g)!.map(Number);
      assert.equal(level! > 127, colorScheme === 'light', ground);
      assert.deepEqual(await page.evaluate<string[]>(faintTexts(4.5)), []);
      await page.close();
    });

  it('scrolls timelines inside the page on a phone, and shows the whole scoreboard', async () => {
    const { page } = await open(RUN, { viewport: { width: 390, height: 800 } });
    assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), 390);
    const isWide = (inside: string) =>
      page.evaluate<boolean>(
        `document.querySelector('${inside}').scrollWidth > document.querySelector('${inside}').clientWidth`,
      );
    assert.equal(await isWide('.chart'), true);
    assert.equal(
      await isWide('.scroll:has(.scoreboard)'),
      false,
      'the scoreboard is there without scrolling',
    );
    const [score] = await page.locator('.axis-cell').all();
    assert.ok((await score!.boundingBox())!.x < 100);
    await page.close();
  });

  it('runs nothing that came in by a name or by SIP, on a phone neither', async () => {
    const { page, complaints, requests } = await open(runOf([hostile()]), {
      viewport: { width: 390, height: 800 },
    });
    await page.locator('.call .reach').first().hover();
    assert.match((await page.getByRole('tooltip').textContent())!, /<script>window\.pwned=1/);
    assert.equal(await page.evaluate<boolean>("'pwned' in window"), false);
    assert.equal(await page.locator('img').count(), 0);
    assert.deepEqual([complaints, requests.length], [[], 1]);
    assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), 390);
    await page.close();
  });
});
