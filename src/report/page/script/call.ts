/**
 * The page of a call, in a dialog of its own: `#scenario-2.call-17`. What it shows is unpacked when it is first asked for.
 */
export const callScript = `
const dialog = document.getElementById('call');
const body = document.getElementById('call-body');
const CALL_HASH = /^#(scenario-\\d+)\\.call-(\\d+)$/;
const stores = new Map();
const packOf = (scenario) => JSON.parse(document.getElementById(scenario + '-calls').textContent);
const storeOf = async (scenario) => {
  const known = stores.get(scenario);
  if (known) return known;
  const packed = packOf(scenario);
  const store = { ...packed, views: await unzip(packed.views).json() };
  stores.set(scenario, store);
  return store;
};
const hashOf = (scenario, index) => '#' + scenario + '.call-' + index;
const step = (id, scenario, index, store) => {
  const link = document.getElementById(id);
  const view = store.views[index];
  link.hidden = !view;
  if (!view) return;
  link.href = hashOf(scenario, index);
  link.title = view.id;
};
const citations = ({ cited }) => cited.length === 0 ? [] : [el('h3', {}, 'Packets that are cited'), el('ul', { class: 'evidence' },
  cited.map(({ by, href, text }) => el('li', {}, el('code', {}, by), ' ', el('a', { href }, text))))];
const timesTable = ({ times }) => el('table', { class: 'call-times' },
  el('thead', {}, el('tr', {}, column('Event'), column('At', { class: 'number' }), column('Since INVITE', { class: 'number' }))),
  el('tbody', {}, times.map(([name, at, since]) => el('tr', {}, el('th', { scope: 'row' }, name),
    el('td', { class: 'number' }, at), el('td', { class: 'number' }, since)))));
let redraw = () => {};
const fill = async (scenario, index) => {
  const store = await storeOf(scenario);
  const view = store.views[index];
  if (!view) throw new Error('this report has no such call');
  const pictures = store.pictures[index] ? await unzip(store.pictures[index]).json() : [null, null];
  if (location.hash !== hashOf(scenario, index)) return false;
  const ears = view.ears.map((ear, which) => earFigure(ear, pictures[which], view.span, store.faults));
  const { recording } = view.ears.find((ear) => ear.recording !== null) ?? {};
  const players = recording ? [player(recording, store.audio[recording], ears.map(([, , playhead]) => playhead), view.span)] : [];
  document.getElementById('call-title').textContent = view.id;
  document.getElementById('call-lead').textContent = view.lead;
  step('call-before', scenario, index - 1, store);
  step('call-after', scenario, index + 1, store);
  body.replaceChildren(facts(view.facts), el('div', { class: 'ears' }, ears.map(([figure]) => figure)), ...players,
    el('h3', {}, 'Messages'), ladder(view), el('h3', {}, 'Times'), timesTable(view), ...citations(view));
  if (ears.length === 0) body.firstChild.after(el('p', { class: 'quiet' }, 'Nobody talked in it: there is nothing to hear.'));
  redraw = () => ears.forEach(([, draw]) => draw());
  return true;
};
const route = async () => {
  const [, scenario, index] = CALL_HASH.exec(location.hash) ?? [];
  if (scenario === undefined) return dialog.close();
  try {
    if (!(await fill(scenario, Number(index)))) return;
  } catch (error) {
    body.replaceChildren(el('p', {}, 'It cannot be shown: ' + error.message + '.'));
  }
  if (!dialog.open) dialog.showModal();
  redraw();
  dialog.scrollTop = 0;
  document.getElementById('call-title').focus();
};
addEventListener('hashchange', route);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw());
document.getElementById('call-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => {
  for (const audio of dialog.querySelectorAll('audio')) audio.pause();
  const [, scenario] = CALL_HASH.exec(location.hash) ?? [];
  if (scenario !== undefined) history.replaceState(null, '', '#' + scenario);
});
document.addEventListener('click', (event) => {
  const bar = event.target.closest('[data-call]');
  if (bar) location.hash = hashOf(bar.closest('section.scenario').id, bar.dataset.call);
});
void route();
`;
