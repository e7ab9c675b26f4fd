import { powerTemplate } from './power-template.js';
import { callTemplate } from './calls/template.js';
import { headTemplate } from './head.js';
import { sectionTemplate } from './section-template.js';
import { timelineTemplate } from './timeline-template.js';

/** Partials by name. Handlebars escapes all that is put in with two braces. */
export const partials = {
  head: headTemplate,
  timeline: timelineTemplate,
  power: powerTemplate,
  section: sectionTemplate,
  evidence: `{{#each evidence}}<li><a href="{{href}}">{{file}}</a> {{frame}} {{at}} {{note}}{{#if call}} · call <a href="{{call.href}}">{{call.id}}</a>{{/if}}</li>{{/each}}`,
  verdict: `<span class="verdict {{verdict}}">{{verdict}}</span>`,
};

/** The page up to what its script needs, for a PageModel with the style and the policy. */
export const pageTemplate = `{{> head headline=page.headline}}
<body>
{{#with page}}
<a class="skip" href="#main">Skip to the results</a>
<header class="top">
  <p class="brand">deadair</p>
  <h1 class="{{#if allAsExpected}}good{{else}}bad{{/if}}">{{headline}}</h1>
  <p class="quiet"><time datetime="{{startedAt}}">{{startedAtText}}</time> · took {{wall}} · exit code {{exitCode}}: {{exitMeaning}}</p>
</header>
<main id="main">
<section aria-labelledby="scoreboard-title">
  <h2 id="scoreboard-title">Scoreboard</h2>
  <div class="scroll" role="region" aria-label="Scoreboard" tabindex="0">
  <table class="scoreboard">
    <thead><tr><th scope="col">Scenario</th><th scope="col">Verdict</th><th scope="col">Ringback</th><th scope="col">Audio</th><th scope="col">Failback</th><th scope="col">Overall</th></tr></thead>
    {{#each scenarios}}
    <tbody>
      <tr>
        <th scope="row"><a href="#{{anchor}}">{{title}}</a><span class="id">{{id}}</span></th>
        <td>{{> verdict}}<span class="outcome {{#if asExpected}}yes{{else}}no{{/if}}">{{outcome}}</span></td>
        {{#each axes}}
        <td class="axis-cell"><span class="score {{level}}">{{score}}</span><svg class="score-bar {{level}}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="ground" width="100" height="4"/><rect width="{{bar}}" height="4"/></svg><span class="figures">{{figures}}</span></td>
        {{/each}}
      </tr>
      {{#if diagnosis}}<tr class="why"><td colspan="6"><code>{{diagnosis.code}}</code> {{diagnosis.summary}}</td></tr>{{/if}}
      {{#each problems}}<tr class="why"><td colspan="6"><code>{{code}}</code> {{summary}}</td></tr>{{/each}}
    </tbody>
    {{/each}}
  </table>
  </div>
</section>
{{#each scenarios}}{{> section}}{{/each}}
</main>
<footer class="quiet">Each axis is 0 to 100, overall is the lowest. Times are seconds on the lab’s clock, which starts with the traffic. A twin is a scenario run with a planted defect: it must fail, for the promised reason.</footer>
{{/with}}
`;

/** The rest: what the pages of calls are made from, where they are shown, and the script. */
export const endTemplate = `${callTemplate}
{{#each stores}}<script type="application/json" id="{{anchor}}-calls">{{{json}}}</script>
{{/each}}<div id="tip" role="tooltip" hidden></div>
<script>{{{script}}}</script>
</body>
</html>
`;
