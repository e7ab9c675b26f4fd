import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { runFiles } from '../../src/runfolder/layout.js';
import { launchChromium } from './chromium.js';

export type PageOptions = Parameters<Browser['newPage']>[0];

/** What a page said and asked for since it was opened. */
interface Visit {
  page: Page;
  /** Its console, and errors that it didn't catch. */
  complaints: string[];
  /** URLs, its own first. */
  requests: string[];
  url: string;
}

/** A browser and a run folder whose report it visits. */
export class ReportStand {
  private constructor(
    private readonly browser: Browser,
    readonly folder: string,
  ) {}

  static async open(): Promise<ReportStand> {
    const browser = await launchChromium();
    return new ReportStand(browser, await mkdtemp(join(tmpdir(), 'deadair-html-')));
  }

  /** Opens the report that is in the folder, at `hash`. */
  async visit(hash = '', options: PageOptions = {}): Promise<Visit> {
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    const url = pathToFileURL(runFiles(this.folder).html).href;
    await page.goto(url + hash, { waitUntil: 'load' });
    return { page, complaints, requests, url };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await rm(this.folder, { recursive: true });
  }
}
