import { count } from '../base/count.js';
import Handlebars from 'handlebars';
import { hashOf, headTemplate } from './page/head.js';
import { style } from './page/style.js';
import type { NamedRun } from './compare.js';
import { printable } from './text.js';
import type { TrendFigure, TrendScenario } from './trend.js';

/** Sizes of a small chart in viewBox units. */
const WIDTH = 220;
const HEIGHT = 36;
const MARGIN = 4;

const MARK_WORDS = {
  yes: 'as expected',
  no: 'not as expected',
  flaky: 'its repeats differ',
  invalid: 'not to be trusted',
  absent: 'not run',
} as const;

/** Scenarios over many runs as one offline page: a mark a run, and a small chart a figure. It has no script. */
export function trendHtml(runs: readonly NamedRun[], trend: readonly TrendScenario[]): string {
  const names = runs.map(({ name, run }) =>
    printable(`${name}, ${run.startedAt.slice(0, 16).replace('T', ' ')}`),
  );
  const scenarios = trend.map(({ id, marks, figures }) => ({
    id,
    marks: marks.map((mark, index) => ({ mark, text: `${names[index]}: ${MARK_WORDS[mark]}` })),
    figures: figures.map((figure) => ({ ...figure, ...chartOf(figure.medians) })),
  }));
  const policy = `default-src 'none'; style-src ${hashOf(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const handlebars = Handlebars.create();
  handlebars.registerPartial('head', headTemplate);
  return handlebars.compile(TEMPLATE, { strict: true })({
    scenarios,
    headline: `${count(trend.length, 'scenario')} over ${count(runs.length, 'run')}`,
    style: STYLE,
    policy,
    WIDTH,
    HEIGHT,
  });
}

/** A line through what was measured, in pieces where runs have none; from 0 up. What never came is at the top. */
function chartOf(medians: TrendFigure['medians']) {
  const finite = medians.filter((median) => median !== null && Number.isFinite(median)) as number[];
  const most = Math.max(...finite, Number.MIN_VALUE);
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, medians.length - 1);
  const points = medians.map((median, index) =>
    median === null
      ? null
      : {
          x: (MARGIN + index * step).toFixed(1),
          y: (HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * Math.min(1, median / most)).toFixed(1),
        },
  );
  const path = points
    .map((point, index) => (point === null ? '' : `${points[index - 1] ? 'L' : 'M'}${point.x} ${point.y}`))
    .join('');
  return { path, dots: points.filter((point) => point !== null) };
}

const STYLE = `${style}
.marks { display: flex; gap: 3px; flex-wrap: wrap; list-style: none; margin: 6px 0 14px; padding: 0; }
.marks li { width: 16px; height: 16px; border-radius: 4px; background: var(--line); }
.mark-yes { background: var(--good) !important; } .mark-no { background: var(--bad) !important; } .mark-flaky { background: var(--fair) !important; } .mark-invalid { background: var(--odd) !important; }
.trend { display: block; width: 220px; height: 36px; } .trend path { fill: none; stroke: var(--link); stroke-width: 1.6; } .trend circle { fill: var(--link); }
`;

const TEMPLATE = `{{> head}}
<body>
<header class="top"><p class="brand">deadair</p><h1>{{headline}}</h1>
<p class="quiet">From the oldest to the newest. Green went as it should, red did not, yellow differed from repeat to repeat, violet can’t be trusted, grey was not run. Charts begin at 0.</p></header>
<main>
{{#each scenarios}}
<section aria-label="{{id}}">
  <h2>{{id}}</h2>
  <ol class="marks">{{#each marks}}<li class="mark-{{mark}}" title="{{text}}"><span class="unseen">{{text}}</span></li>{{/each}}</ol>
  <div class="scroll" role="region" aria-label="Figures of {{id}}" tabindex="0"><table><thead><tr><th scope="col">Figure</th><th scope="col" class="number">First</th><th scope="col" class="number">Last</th><th scope="col">Over the runs</th></tr></thead>
  <tbody>{{#each figures}}<tr><th scope="row">{{name}}</th><td class="number">{{first}}</td><td class="number">{{last}}</td>
  <td><svg class="trend" viewBox="0 0 {{@root.WIDTH}} {{@root.HEIGHT}}" role="img" aria-label="{{name}}, from {{first}} to {{last}}"><path d="{{path}}"/>{{#each dots}}<circle cx="{{x}}" cy="{{y}}" r="2"/>{{/each}}</svg></td></tr>{{/each}}</tbody></table></div>
</section>
{{/each}}
</main>
</body>
</html>
`;
