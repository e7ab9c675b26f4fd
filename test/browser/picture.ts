/** Makes a picture of the README from a real run: node dist/test/browser/picture.js RUN SCENARIO-ID FILE.png [light|dark] */
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { runFiles } from '../../src/runfolder/layout.js';
import { launchChromium } from './chromium.js';

const [run = '', id = '', file = '', scheme = 'light'] = process.argv.slice(2);
const browser = await launchChromium();
const page = await browser.newPage({
  viewport: { width: 1100, height: 900 },
  deviceScaleFactor: 1.5,
  colorScheme: scheme === 'dark' ? 'dark' : 'light',
});
await page.goto(pathToFileURL(resolve(runFiles(run).html)).href);
// What is out of sight is not laid out: all of it is, for a picture of the whole page.
await page.evaluate(
  "document.querySelectorAll('.scenario').forEach((one) => (one.style.contentVisibility = 'visible'))",
);
const section = page.locator('section.scenario', { has: page.getByText(id, { exact: true }) });
const box = await section.boundingBox();
const legend = await section.locator('figure').boundingBox();
if (!box || !legend) throw new Error(`the report of ${run} has no scenario ${id}`);
const clip = { x: box.x, y: box.y, width: box.width, height: legend.y + legend.height - box.y + 16 };
await page.screenshot({ path: file, clip, fullPage: true });
await browser.close();
