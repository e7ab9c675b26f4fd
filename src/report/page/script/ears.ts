/** What an ear heard over the time that a call was up: classes, waveform, spectrogram, outages, and the recording of both ears. */
export const earsScript = `
const PEAK_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const share = (ms, [from, to]) => (100 * (ms - from)) / (to - from);
const stripe = (from, to, span, more) => {
  const x = Math.max(0, share(from, span));
  return svg('rect', { x: x + '%', width: Math.max(0.2, Math.min(100, share(to, span)) - x) + '%', y: 0, height: '100%', ...more });
};
const secondsText = (ms) => (ms / 1000).toFixed(2) + ' s';
const named = (shape, text) => { shape.append(svg('title', {}, text)); return shape; };
const paint = (canvas, picture, span, draw) => {
  const columns = picture.peaks.length;
  const from = share(picture.fromMs, span);
  const to = share(picture.fromMs + columns * picture.columnMs, span);
  canvas.style.marginLeft = from + '%';
  canvas.style.width = to - from + '%';
  const pen = canvas.getContext('2d');
  pen.fillStyle = getComputedStyle(canvas).color;
  draw(pen, columns);
};
const wave = (picture, span) => {
  const canvas = el('canvas', { class: 'wave', width: picture.peaks.length, height: 64, 'aria-hidden': 'true' });
  return [canvas, () => paint(canvas, picture, span, (pen, columns) => {
    for (let column = 0; column < columns; column++) {
      const peak = Math.max(1, PEAK_DIGITS.indexOf(picture.peaks[column]));
      pen.fillRect(column, 32 - peak / 2, 1, peak);
    }
  })];
};
const spectrogram = (picture, span) => {
  const { bands, levels } = picture;
  const canvas = el('canvas', { class: 'spectrogram', width: picture.peaks.length, height: bands, 'aria-hidden': 'true' });
  return [canvas, () => paint(canvas, picture, span, (pen, columns) => {
    for (let column = 0; column < columns; column++)
      for (let band = 0; band < bands; band++) {
        const level = Number(levels[column * bands + band]);
        if (!(level > 0)) continue;
        pen.globalAlpha = level / 7;
        pen.fillRect(column, bands - 1 - band, 1, 1);
      }
  })];
};
const axis = (span) => {
  const [from, to] = span;
  const step = [100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000].find((ms) => (to - from) / ms <= 8) ?? 600000;
  const marks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step)
    marks.push(svg('text', { x: share(at, span) + '%', y: 13, 'text-anchor': share(at, span) > 94 ? 'end' : share(at, span) < 3 ? 'start' : 'middle' }, at / 1000 + ' s'));
  return svg('svg', { class: 'ear-axis', 'aria-hidden': 'true' }, marks);
};
const player = (recording, embedded, playheads, span) => {
  const audio = el('audio', { controls: '', preload: 'none', 'aria-label': 'Recording of both ears, left the caller’s, right the callee’s' });
  const note = el('p', { class: 'quiet', role: 'status' });
  if (embedded) unzip(embedded).arrayBuffer().then((bytes) => { audio.src = URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' })); });
  else audio.src = recording;
  audio.addEventListener('error', () => { note.textContent = 'It cannot be played from here: the recording lies beside this page in the run folder.'; });
  audio.addEventListener('timeupdate', () => {
    const place = share(span[0] + 1000 * audio.currentTime, span) + '%';
    for (const playhead of playheads) {
      playhead.setAttribute('x1', place);
      playhead.setAttribute('x2', place);
      playhead.removeAttribute('visibility');
    }
  });
  return el('div', { class: 'player' }, audio, el('a', { href: recording }, 'WAV'), el('p', { class: 'quiet' }, 'Left: what the caller heard. Right: what the callee heard.'), note);
};
const outageList = ({ outages }) => outages.length === 0 ? [] : [el('ul', { class: 'outages' }, outages.map(([from, to]) =>
  el('li', {}, 'Outage from ' + secondsText(from) + ' to ' + secondsText(to) + ' (' + secondsText(to - from) + ')')))];
const classList = ({ segments }) => el('p', { class: 'unseen' }, segments.map(([from, to, name]) =>
  name + ' from ' + secondsText(from) + ' to ' + secondsText(to)).join('; '));
const earFigure = (ear, picture, span, faults) => {
  const playhead = svg('line', { class: 'playhead', y1: 0, y2: '100%', visibility: 'hidden' });
  const overlay = svg('svg', { class: 'overlay', 'aria-hidden': 'true' },
    faults.filter(([from, to]) => from < span[1] && to > span[0]).map(([from, to, label]) => named(stripe(from, to, span, { class: 'fault-shade' }), label)),
    ear.outages.map(([from, to]) => named(stripe(from, to, span, { class: 'outage' }), 'outage, ' + secondsText(to - from))), playhead);
  const strip = svg('svg', { class: 'classes', 'aria-hidden': 'true' },
    ear.segments.map(([from, to, name]) => named(stripe(from, to, span, { class: 'heard-' + name }), name)));
  const drawn = picture ? [wave(picture, span), spectrogram(picture, span)] : [];
  const plot = el('div', { class: 'ear-plot' }, drawn.map(([canvas]) => canvas), overlay);
  const figure = el('figure', { class: 'ear' }, el('h3', {}, ear.name), facts(ear.facts), strip,
    picture ? plot : el('p', { class: 'quiet' }, ear.recording === null ? 'No packet arrived: there is nothing to hear.' : 'Its picture was left out, to keep this page small: listen to the recording.'), axis(span), classList(ear), outageList(ear));
  return [figure, () => drawn.forEach(([, draw]) => draw()), playhead];
};
`;
