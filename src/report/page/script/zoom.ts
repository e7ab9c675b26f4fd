/**
 * Zooms a timeline along its axis: every place in it is counted from the axis' left end, so that what is drawn keeps its height.
 * By buttons, by + - 0 while the timeline has the focus, and by the wheel with Ctrl, about the pointer.
 */
export const zoomScript = `
const MOST_ZOOM = 32;
const charts = new WeakMap();
const chartOf = (chart) => {
  const known = charts.get(chart);
  if (known) return known;
  const { left, right } = chart.dataset;
  const width = chart.viewBox.baseVal.width;
  const state = { zoom: 1, left: Number(left), right: Number(right), width, height: chart.viewBox.baseVal.height, places: [], crosses: [] };
  for (const node of chart.querySelectorAll('rect, text, circle, line, .cross')) {
    if (node.closest('.row-labels')) continue;
    for (const name of ['x', 'x1', 'x2', 'cx', 'width'])
      if (node.hasAttribute(name)) state.places.push([node, name, Number(node.getAttribute(name))]);
    const shift = node.transform.baseVal;
    if (shift.length > 0) state.crosses.push([node, shift.getItem(0).matrix.e, shift.getItem(0).matrix.f]);
  }
  charts.set(chart, state);
  return state;
};
const zoomTo = (chart, wanted, focus) => {
  const state = chartOf(chart);
  const scroll = chart.parentElement;
  const zoom = Math.min(MOST_ZOOM, Math.max(1, wanted));
  const widthAt = (factor) => state.width + (state.right - state.left) * (factor - 1);
  const unit = scroll.scrollWidth / widthAt(state.zoom);
  const place = ((scroll.scrollLeft + focus) / unit - state.left) / state.zoom;
  const moved = (value) => state.left + (value - state.left) * zoom;
  for (const [node, name, value] of state.places)
    node.setAttribute(name, (name === 'width' ? value * zoom : moved(value)).toFixed(1));
  for (const [node, value, top] of state.crosses)
    node.setAttribute('transform', 'translate(' + moved(value).toFixed(1) + ' ' + top + ')');
  for (const path of chart.querySelectorAll('path.share, path.grid'))
    path.setAttribute('transform', 'translate(' + state.left * (1 - zoom) + ' 0) scale(' + zoom + ' 1)');
  const width = widthAt(zoom);
  chart.setAttribute('viewBox', '0 0 ' + width + ' ' + state.height);
  chart.style.width = (100 * width) / state.width + '%';
  chart.style.minWidth = (900 * width) / state.width + 'px';
  chart.classList.toggle('near', zoom >= 3);
  state.zoom = zoom;
  scroll.scrollLeft = (state.left + place * zoom) * (scroll.scrollWidth / width) - focus;
  const figure = chart.closest('figure');
  figure.querySelector('.zoom-level').textContent = Math.round(zoom * 100) + ' %';
};
const zoomBy = (figure, how, focus) => {
  const chart = figure.querySelector('.timeline');
  const { zoom } = chartOf(chart);
  zoomTo(chart, how === 'in' ? zoom * 1.5 : how === 'out' ? zoom / 1.5 : 1, focus ?? chart.parentElement.clientWidth / 2);
};
for (const tools of document.querySelectorAll('.zoom')) tools.hidden = false;
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-zoom]');
  if (button) zoomBy(button.closest('figure'), button.dataset.zoom);
});
for (const scroll of document.querySelectorAll('.chart')) {
  scroll.addEventListener('wheel', (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomBy(scroll.closest('figure'), event.deltaY < 0 ? 'in' : 'out', event.clientX - scroll.getBoundingClientRect().left);
  }, { passive: false });
  scroll.addEventListener('keydown', (event) => {
    const how = { '+': 'in', '=': 'in', '-': 'out', 0: 'fit' }[event.key];
    if (how === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    zoomBy(scroll.closest('figure'), how);
  });
}
`;
