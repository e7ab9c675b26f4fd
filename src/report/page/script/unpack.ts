/**
 * Puts the calls of a large report in their places, a scenario after the other, so that the page can be used meanwhile. What is
 * unpacked is markup that the page's own templates wrote, and escaped.
 */
export const unpackScript = `
const unpackCalls = async () => {
  for (const section of document.querySelectorAll('section.scenario')) {
    const { markup } = packOf(section.id);
    if (markup === null) continue;
    const { bars, rows } = await unzip(markup).json();
    const chart = section.querySelector('.timeline');
    if (charts.has(chart)) zoomTo(chart, 1, 0);
    charts.delete(chart);
    chart.querySelector('.bars').innerHTML = bars;
    section.querySelector('.calls tbody').innerHTML = rows;
    await new Promise((go) => setTimeout(go));
  }
};
unpackCalls().catch(({ message }) => document.getElementById('main').prepend(
  el('p', { role: 'alert' }, 'The calls of this report cannot be shown: ' + message + '.')));
`;
