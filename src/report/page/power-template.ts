/** What became of nodes that lost their power, as a table of a section. */
export const powerTemplate = `
  {{#if powerCycles}}
  <h3>Power cycles</h3>
  <div class="scroll" role="region" aria-label="Power cycles of {{id}}" tabindex="0">
  <table><thead><tr><th scope="col">Node</th><th scope="col" class="number">Dark at</th><th scope="col" class="number">Without power</th><th scope="col" class="number">Boot</th><th scope="col" class="number">First answer of a trunk, from on</th><th scope="col" class="number">Registrations, from ready</th><th scope="col" class="number">First call, from ready</th><th scope="col" class="number">Dark to first call</th></tr></thead>
  <tbody>{{#each powerCycles}}<tr><th scope="row">{{node}}</th><td class="number">{{cutAt}}</td><td class="number">{{outage}}</td><td class="number">{{boot}}</td><td class="number">{{trunk}}</td><td class="number">{{registrations}}{{#if registered}}<span class="figures">{{registered}}</span>{{/if}}</td><td class="number">{{firstCall}}</td><td class="number">{{back}}</td></tr>{{/each}}</tbody></table>
  </div>
  {{/if}}`;
