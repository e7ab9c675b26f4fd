import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import { runFiles } from '../runfolder/layout.js';
import type { RunResult } from '../verdict/types.js';
import { writeAtomically } from './atomic.js';
import { pageModel } from './page/model.js';
import { script } from './page/script.js';
import { style } from './page/style.js';
import { pageTemplate, partials } from './page/template.js';

/**
 * The report as one HTML page that needs nothing else: no request leaves it, and its own policy forbids any, as it
 * forbids every script and style but the two that are known here by their hash.
 */
export function reportHtml(run: RunResult): string {
  const handlebars = Handlebars.create();
  for (const [name, partial] of Object.entries(partials)) handlebars.registerPartial(name, partial);
  const render = handlebars.compile(pageTemplate, { strict: true });
  return render({ page: pageModel(run), style, script, policy });
}

/** Writes `report.html` into the run folder. */
export async function writeHtml(runFolder: string, run: RunResult): Promise<void> {
  await writeAtomically(runFiles(runFolder).html, reportHtml(run));
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
