/** One scenario of the page, for a section of the PageModel and the markup of its calls. */
export const sectionTemplate = `
<section class="scenario" id="{{anchor}}" aria-labelledby="{{anchor}}-title">
  <header>
    <h2 id="{{anchor}}-title">{{title}}</h2>
    <p class="lead">{{> verdict}} <span class="outcome {{#if asExpected}}yes{{else}}no{{/if}}">{{outcome}}</span> <span class="id">{{id}}</span> {{#each tags}}<span class="tag">{{this}}</span>{{/each}}</p>
    <p class="story">{{story}}</p>
    {{#if defect}}<p class="twin">Twin with the planted defect <code>{{defect.name}}</code>: it must fail with <code>{{defect.diagnosis}}</code>.</p>{{/if}}
    {{#each earlier}}<p class="twin">{{this}}</p>{{/each}}
  </header>
  {{#each problems}}<div class="finding invalid"><h3><code>{{code}}</code></h3><p>{{summary}}</p><ul class="evidence">{{> evidence}}</ul></div>{{/each}}
  {{#each diagnoses}}<div class="finding"><h3><code>{{code}}</code></h3><p>{{summary}}</p><p class="advice">{{advice}}</p><ul class="evidence">{{> evidence}}</ul></div>{{/each}}
  {{#if isLarge}}<noscript><p class="quiet">This report is large: its calls are drawn and listed by its script, which does not run here.</p></noscript>{{/if}}
  <figure>
    <div class="zoom" role="group" aria-label="Zoom of the timeline" hidden><span class="zoom-level" role="status">100 %</span><button type="button" data-zoom="out" aria-label="Zoom out">−</button><button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="fit">Fit</button></div>
    <div class="scroll chart" role="region" aria-label="Timeline of {{id}}" tabindex="0">{{> timeline timeline bars=bars}}</div>
    <figcaption class="legend">
      {{#each timeline.trunks}}<span><i class="swatch {{trunkClass}}"></i>{{name}}</span>{{/each}}
      <span><i class="swatch setup"></i>setting up</span>
      <span><i class="dot signalled"></i>ringback signalled</span>
      <span><i class="dot audible"></i>ringback audible</span>
      <span><i class="cross">×</i>failed, with status</span>
      {{#if timeline.hasTries}}<span>| went on to the next trunk, with the status of the one before</span>{{/if}}
      {{#if timeline.hasPhones}}<span><i class="dot phone-registered"></i>registered</span><span><i class="dot phone-refused"></i>refused</span><span><i class="dot phone-unanswered"></i>no answer</span>{{/if}}
      {{#if timeline.hasPower}}<span><i class="swatch power-off"></i>no power</span><span><i class="swatch power-boot"></i>booting</span><span><i class="swatch power-idle"></i>until a call was heard</span>{{/if}}
      <span class="legend-break"></span>
      <span>Strips under a call: what the caller heard, then the callee; a call opens its page</span>
      {{#each timeline.heardClasses}}<span><i class="swatch ear heard-{{this}}"></i>{{this}}</span>{{/each}}
    </figcaption>
  </figure>
  <h3>Expectations</h3>
  <div class="scroll" role="region" aria-label="Expectations of {{id}}" tabindex="0">
  <table><thead><tr><th scope="col">Expectation</th><th scope="col">Verdict</th><th scope="col" class="number">Measured</th><th scope="col" class="number">Threshold</th><th scope="col">In words</th><th scope="col">Evidence</th></tr></thead>
  <tbody>{{#each expectations}}<tr><th scope="row">{{id}}</th><td>{{> verdict}}</td><td class="number">{{measured}}</td><td class="number">{{threshold}}</td><td>{{summary}}</td><td><ul class="evidence">{{> evidence}}</ul></td></tr>{{/each}}</tbody></table>
  </div>
  {{#if faults}}
  <h3>Faults and their proof</h3>
  <div class="scroll" role="region" aria-label="Faults of {{id}}" tabindex="0">
  <table><thead><tr><th scope="col">Fault</th><th scope="col" class="number">Planned</th><th scope="col" class="number">Applied</th><th scope="col" class="number">Healed</th><th scope="col">Proof</th></tr></thead>
  <tbody>{{#each faults}}<tr><th scope="row">{{title}}<span class="id">{{id}} on {{target}}</span>{{#each approximated}}<span class="id">nearly: {{this}}</span>{{/each}}</th><td class="number">{{plannedAt}}</td><td class="number">{{appliedAt}}</td><td class="number">{{healedAt}}</td>
  <td>{{#each decided}}<p class="proof"><span class="figures">{{this}}</span></p>{{/each}}{{#each proofs}}<p class="proof"><b class="{{#if holds}}yes{{else}}no{{/if}}">{{when}}: {{word}}</b> {{requested}}{{#if reason}}; {{reason}}{{/if}}{{#each figures}}<span class="figures {{#if holds}}yes{{else}}{{#unless unknown}}no{{/unless}}{{/if}}">{{text}}</span>{{/each}}{{#each declared}}<span class="figures">{{this}}</span>{{/each}}{{#if impaired}}<span class="figures">{{impaired}}</span>{{/if}}{{#if control}}<span class="figures">control: {{control}}</span>{{/if}}</p>{{/each}}</td></tr>{{/each}}</tbody></table>
  </div>
  {{/if}}
  {{> power}}
  <details><summary>All {{calls.length}} calls</summary>
  <div class="scroll" role="region" aria-label="Calls of {{id}}" tabindex="0">
  <table class="calls"><thead><tr><th scope="col">Call</th><th scope="col">Trunk</th><th scope="col" class="number">INVITE</th><th scope="col" class="number">Ringback</th><th scope="col" class="number">Audible</th><th scope="col" class="number">Answered</th><th scope="col" class="number">Ended</th><th scope="col">Status</th><th scope="col">Caller’s ear</th><th scope="col">Callee’s ear</th><th scope="col">MOS (estimate)</th></tr></thead>
  <tbody>{{{rows}}}</tbody></table>
  </div></details>
  <details><summary>Environment, and how to run it again</summary>
  <dl>{{#each environment}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/each}}</dl>
  <pre class="reproduce"><code>{{reproduce}}</code></pre></details>
</section>`;

/** The rows of the table of its calls. */
export const rowsTemplate = `{{#each calls}}<tr><th scope="row"><a href="#{{@root.anchor}}.call-{{@index}}">{{id}}</a></th><td>{{trunk}}</td><td class="number">{{inviteAt}}</td><td class="number">{{ringback}}</td><td class="number">{{audible}}</td><td class="number">{{answered}}</td><td class="number">{{endedAt}}</td><td>{{status}}</td><td>{{caller}}</td><td>{{callee}}</td><td>{{mos}}</td></tr>{{/each}}`;
