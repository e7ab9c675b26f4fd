import Handlebars from 'handlebars';
import { rowsTemplate } from '../section-template.js';
import type { pageModel } from '../model.js';
import { barsTemplate } from '../timeline-template.js';

/**
 * A page whose calls take no more than this has them in its markup; a larger one has them packed, and its script puts them in
 * place.
 */
const INLINE_BYTES = 1.5e6;

/** The calls of a scenario as markup: a bar each in the timeline, and a row each in the table. */
export interface CallMarkup {
  bars: string;
  rows: string;
}

/** That of each section, in their order, and whether there is too much of it to be in the page as it is. */
export function callMarkup(sections: ReturnType<typeof pageModel>['scenarios']): {
  markup: CallMarkup[];
  isLarge: boolean;
} {
  const handlebars = Handlebars.create();
  const bars = handlebars.compile(barsTemplate, { strict: true });
  const rows = handlebars.compile(rowsTemplate, { strict: true });
  const markup = sections.map((section) => ({ bars: bars(section.timeline), rows: rows(section) }));
  const size = markup.reduce((sum, each) => sum + each.bars.length + each.rows.length, 0);
  return { markup, isLarge: size > INLINE_BYTES };
}
