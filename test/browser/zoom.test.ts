import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { writeHtml } from '../../src/report/html.js';
import { carrierCut, runOf } from '../fixtures/results.js';
import { ReportStand } from './stand.js';

describe('zooming a timeline', () => {
  let stand: ReportStand;
  let page: Page;
  before(async () => {
    stand = await ReportStand.open();
    await writeHtml(stand.folder, runOf([carrierCut()]));
    ({ page } = await stand.visit());
  });
  after(() => stand.close());

  const level = () => page.locator('.zoom-level').textContent();
  const box = async (selector: string) => (await page.locator(selector).first().boundingBox())!;
  const TICK = '.tick:text-is("20 s")';

  it('makes it wider and no higher, about its middle, and shows finer ticks', async () => {
    const [chart, tick] = [await box('.timeline'), await box(TICK)];
    assert.equal(await page.locator('.tick.only-near').first().isVisible(), false);
    for (let times = 0; times < 3; times++) await page.getByRole('button', { name: 'Zoom in' }).click();
    assert.equal(await level(), '338 %');
    const [wide, moved] = [await box('.timeline'), await box(TICK)];
    assert.ok(
      wide.width > 3 * chart.width && Math.abs(wide.height - chart.height) < 2,
      `${wide.width} × ${wide.height}`,
    );
    assert.ok(Math.abs(moved.width - tick.width) < 2, 'text is not stretched');
    // 20 s is near the middle: what is in the middle stays.
    assert.ok(Math.abs(moved.x - tick.x) < 120, `${tick.x} → ${moved.x}`);
    assert.equal(await page.locator('.tick.only-near').first().isVisible(), true);
  });

  it('moves what belongs together together: a fault, its shade and the calls under it', async () => {
    const [band, shade] = [await box('.fault rect'), await box('.fault-shade')];
    assert.ok(Math.abs(band.x - shade.x) < 1 && Math.abs(band.width - shade.width) < 2);
    const status = await box('.status');
    const cross = await box('.cross');
    assert.ok(status.x > cross.x && status.x - cross.x < 40);
  });

  it('goes back by a key, by a button, and by the wheel with Ctrl', async () => {
    await page.locator('.chart').press('0');
    assert.equal(await level(), '100 %');
    await page.locator('.chart').hover();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await page.locator('.zoom-level', { hasText: '150 %' }).waitFor();
    await page.getByRole('button', { name: 'Fit' }).click();
    assert.equal(await level(), '100 %');
  });
});
