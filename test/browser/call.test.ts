import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWav } from '../../src/audio/write-wav.js';
import { reportHtml, writeHtml } from '../../src/report/html.js';
import { runFiles, scenarioFiles } from '../../src/runfolder/layout.js';
import type { RunResult } from '../../src/verdict/types.js';
import { callDetails, voice } from '../fixtures/call-details.js';
import { carrierCut, caughtTwin, hostile, runOf, steady } from '../fixtures/results.js';
import { faintTexts } from './contrast.js';
import { ReportStand, type PageOptions } from './stand.js';

const RUN = runOf([carrierCut(), caughtTwin()]);
/** A call that both its parties heard less of than they should: it was up when the carrier was cut. */
const CALL = RUN.scenarios[0]!.calls.findIndex(({ deadAir }) => deadAir);

describe('the page of a call', () => {
  let stand: ReportStand;
  let folder: string;
  before(async () => {
    stand = await ReportStand.open();
    ({ folder } = stand);
  });
  after(() => stand.close());

  /** Opens a report with the details of its calls at `hash`. */
  async function open(
    run: RunResult,
    hash: string,
    options: Parameters<typeof writeHtml>[2] & PageOptions = {},
  ) {
    // No folder can have a name with a null byte in it.
    if (run.scenarios.some(({ id }) => id.includes('\0'))) {
      const extras = run.scenarios.map((result) => ({ details: callDetails(result), audio: {} }));
      await writeFile(runFiles(folder).html, reportHtml(run, extras));
    } else {
      for (const result of run.scenarios) {
        const files = scenarioFiles(runFiles(folder).scenario(result.id));
        await mkdir(dirname(files.callDetails), { recursive: true });
        await writeFile(files.callDetails, JSON.stringify(callDetails(result)));
      }
      await writeHtml(folder, run, options);
    }
    const visit = await stand.visit(hash, options);
    return { ...visit, dialog: visit.page.getByRole('dialog') };
  }

  it('opens from its bar in the timeline, asks for nothing and complains of nothing', async () => {
    const { page, dialog, complaints, requests } = await open(RUN, '');
    assert.equal(await dialog.isVisible(), false);
    await page.locator(`#scenario-1 [data-call="${CALL}"] .reach`).click();
    await dialog.waitFor({ state: 'visible' });
    assert.equal(
      await dialog.getByRole('heading', { level: 2 }).textContent(),
      RUN.scenarios[0]!.calls[CALL]!.id,
    );
    assert.match(await dialog.innerText(), /outbound, by carrier-a · answered · dead air/);
    assert.deepEqual([complaints, requests.length], [[], 1]);
    await page.close();
  });

  it('has the messages as arrows, and in words; what was lost is told', async () => {
    const { page, dialog } = await open(RUN, `#scenario-1.call-${CALL}`);
    await dialog.waitFor({ state: 'visible' });
    assert.deepEqual((await dialog.locator('.ladder .arrow .unseen').allTextContents()).slice(0, 4), [
      'desk to sbc: INVITE, with SDP',
      'sbc to carrier-a: INVITE, with SDP',
      'sbc to carrier-a: INVITE, with SDP, sent again',
      'sbc to desk: 180 Ringing',
    ]);
    assert.deepEqual(await dialog.locator('.ladder .no').allTextContents(), ['not seen arriving']);
    assert.deepEqual(await dialog.locator('.lane-name').allTextContents(), ['desk', 'sbc', 'carrier-a']);
    assert.equal(await dialog.locator('.ladder .lost').count(), 1);
    assert.match(
      (await dialog.locator('.ladder a').first().getAttribute('href'))!,
      /^\.\/carrier-cut\/captures\/desk\.lan\.pcap$/,
    );
    await page.close();
  });

  it('draws what both ears heard, and marks what they did not', async () => {
    const { page, dialog } = await open(RUN, `#scenario-1.call-${CALL}`);
    await dialog.waitFor({ state: 'visible' });
    assert.deepEqual(await dialog.locator('.ear h3').allTextContents(), ['Caller’s ear', 'Callee’s ear']);
    assert.equal(await dialog.locator('.ear .outage').count(), 2);
    assert.match(
      (await dialog.locator('.ear .outages').first().textContent())!,
      /^Outage from 12\.00 s to \d\d\.\d\d s/,
    );
    const inked = await page.evaluate<number[]>(
      "[...document.querySelectorAll('#call canvas')].map((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((value, at) => at % 4 === 3 && value > 0).length)",
    );
    assert.ok(inked.length === 4 && inked.every((pixels) => pixels > 40), String(inked));
    await page.close();
  });

  it('goes by keyboard: Enter opens, Escape closes and gives the focus back', async () => {
    const { page, dialog } = await open(RUN, '');
    await page.locator('#scenario-2 summary').first().press('Enter');
    await page.locator('#scenario-2 .calls a').nth(1).press('Enter');
    await dialog.waitFor({ state: 'visible' });
    assert.equal(await page.evaluate<string>('document.activeElement.id'), 'call-title');
    await page.keyboard.press('Tab');
    assert.equal(
      await page.evaluate<boolean>("document.getElementById('call').contains(document.activeElement)"),
      true,
    );
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate<string>('document.activeElement.hash'), '#scenario-2.call-1');
    assert.equal(await page.evaluate<string>('location.hash'), '#scenario-2');
    await page.close();
  });

  it('is reached from what a diagnosis cites, and leads to its neighbours and back', async () => {
    const { page, dialog } = await open(RUN, '');
    const [first, second, third] = RUN.scenarios[1]!.calls;
    await page.locator('#scenario-2 .finding').getByRole('link', { name: second!.id }).first().click();
    await dialog.waitFor({ state: 'visible' });
    assert.match(
      await dialog.innerText(),
      /MEDIA_BLOCKED_ON_BACKUP captures\/sbc\.carrier-b\.pcap frame 3990/,
    );
    const title = dialog.getByRole('heading', { level: 2 });
    await dialog.getByRole('link', { name: 'next' }).click();
    await title.filter({ hasText: third!.id }).waitFor();
    await page.goBack();
    await title.filter({ hasText: second!.id }).waitFor();
    await dialog.getByRole('link', { name: 'before' }).click();
    await title.filter({ hasText: first!.id }).waitFor();
    assert.equal(await dialog.getByRole('link', { name: 'before' }).isVisible(), false);
    await page.close();
  });

  it('plays recordings that lie beside it, or that it carries', async () => {
    const recording = RUN.scenarios[0]!.calls[CALL]!.ears!.caller.recording!;
    const path = join(runFiles(folder).scenario('carrier-cut'), recording);
    await mkdir(dirname(path), { recursive: true });
    await writeWav(path, voice(1500), 8000);
    const duration =
      "new Promise((resolve, reject) => { const [audio] = document.querySelectorAll('#call audio'); audio.onloadedmetadata = () => resolve(audio.duration); audio.onerror = reject; audio.load(); })";
    for (const embedAudio of [false, true]) {
      const { page, dialog, complaints } = await open(RUN, `#scenario-1.call-${CALL}`, { embedAudio });
      await dialog.locator('audio[src]').first().waitFor();
      if (embedAudio) await rm(path);
      assert.equal(await page.evaluate<number>(duration), 1.5);
      assert.deepEqual(complaints, []);
      await page.close();
    }
  });

  it('says so where nothing was kept of a call, or there is no such call', async () => {
    const { page, dialog } = await open(runOf([{ ...steady(), calls: [] }]), '#scenario-1.call-3');
    await dialog.waitFor({ state: 'visible' });
    assert.match(await dialog.innerText(), /It cannot be shown: this report has no such call/);
    await page.close();
  });

  it('shows hostile names and SIP as text, on a phone', async () => {
    const { page, dialog, complaints, requests } = await open(runOf([hostile()]), '#scenario-1.call-0', {
      viewport: { width: 390, height: 800 },
      colorScheme: 'dark',
    });
    await dialog.waitFor({ state: 'visible' });
    assert.equal((await dialog.innerText()).split('<script>window.pwned=1').length > 8, true);
    assert.match((await dialog.locator('.lane-name').last().textContent())!, /<script>/);
    assert.equal(await page.evaluate<boolean>("'pwned' in window"), false);
    assert.equal(await page.locator('img').count(), 0);
    assert.deepEqual([complaints, requests.length], [[], 1]);
    assert.equal(await page.evaluate<boolean>("document.getElementById('call').scrollWidth <= 390"), true);
    await page.close();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`can be read in ${colorScheme} colours`, async () => {
      const { page, dialog } = await open(RUN, `#scenario-1.call-${CALL}`, { colorScheme });
      await dialog.waitFor({ state: 'visible' });
      assert.deepEqual(await page.evaluate<string[]>(faintTexts(4.5, '#call *')), []);
      await page.close();
    });
});
