import Handlebars from 'handlebars';
import { runFiles } from '../runfolder/layout.js';
import type { RunResult } from '../verdict/types.js';
import { writeAtomically } from './atomic.js';
import { readExtras } from './extras.js';
import { callMarkup } from './page/calls/markup.js';
import { callStores, NO_EXTRAS, type ScenarioExtras } from './page/calls/store.js';
import { hashOf } from './page/head.js';
import { pageModel } from './page/model.js';
import { script } from './page/script.js';
import { style } from './page/style.js';
import { endTemplate, pageTemplate, partials } from './page/template.js';

/**
 * The report as one HTML page that needs nothing else: no request leaves it, and its own policy forbids any but for the
 * recordings beside it, as it forbids every script and style but the two that are known here by their hash.
 * @param extras of each scenario, in the order of the run; without them calls have no ladders and no pictures
 */
export function reportHtml(run: RunResult, extras: readonly ScenarioExtras[] = []): string {
  const handlebars = Handlebars.create();
  for (const [name, partial] of Object.entries(partials)) handlebars.registerPartial(name, partial);
  const details = run.scenarios.map((_, index) => (extras[index] ?? NO_EXTRAS).details);
  const model = pageModel(run, details);
  const { markup, isLarge } = callMarkup(model.scenarios);
  const scenarios = model.scenarios.map((section, index) => ({
    ...section,
    isLarge,
    ...(isLarge ? { bars: '', rows: '' } : markup[index]),
  }));
  const page = { ...model, scenarios };
  const begin = handlebars.compile(pageTemplate, { strict: true })({ page, style, policy });
  const pageBytes = Buffer.byteLength(begin) + script.length;
  const stores = callStores(run, extras, pageBytes, isLarge ? markup : []).map((json, index) => ({
    json,
    anchor: scenarios[index]?.anchor,
  }));
  return begin + handlebars.compile(endTemplate, { strict: true })({ stores, script });
}

/** Writes `report.html` into the run folder. */
export async function writeHtml(
  runFolder: string,
  run: RunResult,
  { embedAudio = false }: { embedAudio?: boolean } = {},
): Promise<void> {
  const extras = await Promise.all(
    run.scenarios.map((result) => readExtras(runFiles(runFolder).scenario(result.id), result, embedAudio)),
  );
  await writeAtomically(runFiles(runFolder).html, reportHtml(run, extras));
}

const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  'img-src data:',
  "media-src 'self' file: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
