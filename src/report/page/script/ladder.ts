/** The SIP of a call: a table, a message a row, with an arrow between lanes; who can't see the arrow has it in words. */
export const ladderScript = `
const LANE = 150;
const EDGE = 70;
const laneX = (lane) => EDGE + lane * LANE;
const laneLines = (lanes, height) => lanes.map((_, lane) => svg('line', { class: 'lane', x1: laneX(lane), x2: laneX(lane), y1: 0, y2: height }));
const drawing = (lanes, height, ...inside) => svg('svg', { width: laneX(lanes.length - 1) + EDGE, height, 'aria-hidden': 'true' }, inside.flat());
const arrow = (lanes, step) => {
  const from = laneX(step.from);
  const to = laneX(step.to);
  const side = to < from ? -1 : 1;
  const { lost } = step;
  const end = to - side * 3;
  const label = step.text + (step.sdp ? ' · sdp' : '') + (step.again ? ' · again' : '');
  const room = Math.max(14, Math.floor((Math.abs(to - from) - 10) / 6.4));
  const shown = label.length > room ? label.slice(0, room - 1) + '…' : label;
  const head = lost
    ? svg('path', { class: 'lost', d: 'M' + (end - 4) + ' 20l8 8m0 -8l-8 8' })
    : svg('path', { class: 'head', d: 'M' + end + ' 24l' + -7 * side + ' -4v8z' });
  return drawing(lanes, 32, laneLines(lanes, 32),
    svg('g', { class: 'message' + (lost ? ' is-lost' : '') },
      svg('line', { x1: from, x2: end, y1: 24, y2: 24 }), head,
      svg('text', { x: (from + to) / 2, y: 17, 'text-anchor': 'middle' }, shown)));
};
const messageWords = (lanes, step) => lanes[step.from] + ' to ' + lanes[step.to] + ': ' + step.text
  + (step.sdp ? ', with SDP' : '') + (step.again ? ', sent again' : '');
const packetList = (packets) => el('ul', { class: 'evidence' }, packets.map(([href, text]) => el('li', {}, el('a', { href }, text))));
const column = (text, more = {}) => el('th', { scope: 'col', ...more }, text);
const ladder = ({ lanes, ladder: steps }) => {
  if (steps === null) return el('p', { class: 'quiet' }, 'This run kept no messages for its report: "deadair analyze RUN" makes them anew.');
  if (steps.length === 0) return el('p', { class: 'quiet' }, 'No SIP of it was captured.');
  const heads = drawing(lanes, 22, lanes.map((name, lane) => svg('text', { class: 'lane-name', x: laneX(lane), y: 14, 'text-anchor': 'middle' }, name)));
  return el('div', { class: 'scroll', role: 'region', 'aria-label': 'Messages', tabindex: '0' },
    el('table', { class: 'ladder' },
      el('thead', {}, el('tr', {}, column('Time', { class: 'number' }), column('Since INVITE', { class: 'number' }),
        el('th', { scope: 'col' }, el('span', { class: 'unseen' }, 'Message'), heads), column('Arrived after', { class: 'number' }), column('Packets'))),
      el('tbody', {}, steps.map((step) => el('tr', {},
        el('td', { class: 'number' }, step.at), el('td', { class: 'number' }, step.since),
        el('td', { class: 'arrow' }, el('span', { class: 'unseen' }, messageWords(lanes, step)), arrow(lanes, step)),
        el('td', { class: 'number' + (step.lost ? ' no' : '') }, step.arrived),
        el('td', {}, packetList(step.packets)))))));
};
`;
