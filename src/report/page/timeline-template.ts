/** The SVG of a timeline, for a Timeline and the markup of its bars. Every group that has detail carries it as its <title>. */
export const timelineTemplate = `
<svg class="timeline" viewBox="0 0 {{width}} {{height}}" data-left="{{left}}" data-right="{{right}}" role="img" aria-labelledby="{{svgId}}-t {{svgId}}-d">
  <title id="{{svgId}}-t">Timeline of {{title}}</title>
  <desc id="{{svgId}}-d">{{description}}</desc>
  <g class="row-labels" aria-hidden="true">
    <text x="0" y="17">Phase</text>
    {{#each faults}}{{#if @first}}<text x="0" y="{{textY}}">Fault</text>{{/if}}{{/each}}
    {{#each events}}<text x="0" y="{{textY}}">{{label}}</text>{{/each}}
    <text x="0" y="{{share.textY}}">Trunk share</text>
    <text x="0" y="{{callsTextY}}">Calls</text>
  </g>
  <path class="grid" d="{{grid.always}}"/><path class="grid only-near" d="{{grid.near}}"/>
  {{#each phases}}
  <g class="tipped phase phase-{{name}}"><title>{{tip}}</title>
    <rect x="{{x}}" y="{{y}}" width="{{width}}" height="20" rx="3"/>
    <text x="{{middle}}" y="16" text-anchor="middle">{{label}}</text></g>
  {{/each}}
  {{#each faults}}
  <rect class="fault-shade {{proof}}" x="{{x}}" width="{{width}}" y="{{../bodyTop}}" height="{{../bodyHeight}}"/>
  <g class="tipped fault {{proof}}"><title>{{tip}}</title>
    <rect x="{{x}}" y="{{y}}" width="{{width}}" height="{{../faultHeight}}" rx="3"/>
    <text x="{{labelX}}" y="{{textY}}" text-anchor="{{anchor}}">{{label}}</text></g>
  {{/each}}
  {{#each events}}
  {{#each strips}}<g class="tipped"><title>{{tip}}</title><rect class="power-{{kind}}" x="{{x}}" y="{{../y}}" width="{{width}}" height="{{../height}}"/></g>{{/each}}
  {{#each marks}}<g class="tipped"><title>{{tip}}</title><circle class="phone-{{kind}}" cx="{{x}}" cy="{{../middle}}" r="3"/></g>{{/each}}
  {{/each}}
  <rect class="share-ground" x="{{left}}" y="{{share.y}}" width="{{plotWidth}}" height="{{share.height}}"/>
  {{#each share.layers}}<path class="{{trunkClass}} share" d="{{path}}"/>{{/each}}
  <g class="bars">{{{bars}}}</g>
  <line class="axis" x1="{{left}}" x2="{{right}}" y1="{{axisY}}" y2="{{axisY}}"/>
  <g class="ticks" transform="translate(0 {{tickY}})">{{#each ticks}}<text class="tick{{#if near}} only-near{{/if}}" x="{{x}}">{{label}} s</text>{{/each}}</g>
</svg>`;

/** The bars of its calls, for a Timeline: without a space between them, as there are many. */
export const barsTemplate = `{{#each calls}}<g class="tipped call {{trunkClass}}" data-call="{{index}}"><title>{{tip}}</title><rect class="setup" x="{{setup.x}}" y="{{y}}" width="{{setup.width}}" height="{{../barHeight}}"/>{{#if talk}}<rect x="{{talk.x}}" y="{{y}}" width="{{talk.width}}" height="{{../barHeight}}"/>{{/if}}{{#each ears}}{{#each strips}}<rect class="heard-{{heardClass}}" x="{{x}}" y="{{../y}}" width="{{width}}" height="{{../height}}"/>{{/each}}{{/each}}{{#if signalled}}<circle class="signalled" cx="{{signalled}}" cy="{{middle}}" r="2.6"/>{{/if}}{{#if audible}}<circle class="audible" cx="{{audible}}" cy="{{middle}}" r="1.7"/>{{/if}}{{#each tries}}<path class="cross moved-on" d="M0 -4v12" transform="translate({{x}} {{y}})"/>{{#if text}}<text class="try" x="{{x}}" y="{{textY}}" dx="-3" text-anchor="end">{{text}}</text>{{/if}}{{/each}}{{#if failed}}<path class="cross" d="M-3 -3l6 6m0 -6l-6 6" transform="translate({{failed.x}} {{failed.y}})"/><text class="status" x="{{failed.textX}}" y="{{failed.textY}}">{{failed.status}}</text>{{/if}}<rect class="reach" x="{{setup.x}}" y="{{y}}" width="{{width}}" height="14"/></g>{{/each}}`;
