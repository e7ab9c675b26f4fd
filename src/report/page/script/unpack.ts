/**
 * Puts the calls of a large report in their places: at once those of a scenario that comes near the screen, the others whenever there
 * is nothing else to do, so that they can be searched and printed. What is unpacked is markup that the page's own templates
 * wrote, and escaped.
 */
export const unpackScript = `
const unpacked = new Set();
const unpackCalls = async (section) => {
  if (unpacked.has(section)) return;
  unpacked.add(section);
  const { markup } = packOf(section.id);
  if (markup === null) return;
  const { bars, rows } = await unzip(markup).json();
  const chart = section.querySelector('.timeline');
  if (charts.has(chart)) zoomTo(chart, 1, 0);
  charts.delete(chart);
  chart.querySelector('.bars').innerHTML = bars;
  section.querySelector('.calls tbody').innerHTML = rows;
};
const nothingElseToDo = () => new Promise((go) => window.requestIdleCallback ? requestIdleCallback(go, { timeout: 2000 }) : setTimeout(go, 50));
const unpackAll = async () => {
  const sections = document.querySelectorAll('section.scenario');
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) unpackCalls(target).catch(cannotUnpack);
  }, { rootMargin: '100%' });
  for (const section of sections) near.observe(section);
  for (const section of sections) {
    await nothingElseToDo();
    await unpackCalls(section);
  }
};
const cannotUnpack = ({ message }) => document.getElementById('main').prepend(
  el('p', { role: 'alert' }, 'Calls of this report cannot be shown: ' + message + '.'));
unpackAll().catch(cannotUnpack);
`;
