import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { reportHtml } from '../../src/report/html.js';
import { carrierCut, hostile, runOf } from '../fixtures/results.js';
import { launchChromium } from './chromium.js';

const SCENARIOS = 20;

describe('a report of very many calls', () => {
  let browser: Browser;
  let folder: string;
  let html: string;
  before(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'deadair-large-'));
    const scenarios = Array.from({ length: SCENARIOS }, carrierCut);
    html = reportHtml(runOf([...scenarios, hostile()]));
    await writeFile(join(folder, 'report.html'), html);
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options);
    page.on('pageerror', (error) => assert.fail(error));
    page.on('console', (message) => assert.fail(message.text()));
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    return page;
  }

  /** They come in order. */
  const lastIsThere = (page: Page) =>
    page
      .locator(`#scenario-${SCENARIOS + 1} .call`)
      .first()
      .waitFor({ state: 'attached' });

  it('carries them packed, and puts all of them in place', async () => {
    assert.doesNotMatch(html, /data-call=/);
    const page = await open();
    const calls = hostile().calls.length + SCENARIOS * 100;
    await lastIsThere(page);
    assert.equal(await page.locator('.call').count(), calls);
    assert.equal(await page.locator('.calls tbody tr').count(), calls);
    await page.locator('#scenario-20 .call .reach').first().click();
    await page.locator('#call[open]').waitFor();
    assert.equal(await page.locator('#call-title').textContent(), carrierCut().calls[0]?.id);
    assert.equal(await page.locator('.call script, .calls script, .call img, .calls img').count(), 0);
  });

  it('zooms them with the rest', async () => {
    const page = await open();
    await lastIsThere(page);
    const figure = page.locator('#scenario-20 figure');
    await figure.getByRole('button', { name: 'Zoom in' }).click();
    const box = async (selector: string) => (await figure.locator(selector).first().boundingBox())!;
    const [last, axis] = [(await figure.locator('.call .reach').last().boundingBox())!, await box('.axis')];
    assert.ok(last.x > axis.x + axis.width * 0.6, 'the last call is near the end of the axis');
    const grid = await box('path.grid');
    assert.ok(grid.width > axis.width * 0.8, `the grid is as wide as the axis: ${grid.width}, ${axis.width}`);
  });

  it('says so where no script runs', async () => {
    const page = await open({ javaScriptEnabled: false });
    assert.equal(await page.locator('noscript p').first().isVisible(), true);
  });
});
