/** Where the page of a call is shown; its script fills it. */
export const callTemplate = `
<dialog id="call" aria-labelledby="call-title">
  <header class="call-top">
    <nav aria-label="Calls"><a id="call-before">← before</a><a id="call-after">next →</a><button type="button" id="call-close">Close</button></nav>
    <h2 id="call-title" tabindex="-1"></h2>
    <p id="call-lead" class="quiet"></p>
  </header>
  <div id="call-body"></div>
</dialog>`;
