import assert from 'node:assert/strict';
import { reportHtml } from '../../../src/report/html.js';
import { timelineOf } from '../../../src/report/page/timeline.js';
import { sharePaths } from '../../../src/report/page/share.js';
import {
  call,
  carrierCut,
  cutFault,
  HOSTILE,
  hostile,
  invalidRun,
  runOf,
  steady,
} from '../../fixtures/results.js';

const html = reportHtml(runOf([hostile()]));
const DATA = /<script type="application\/json" id="scenario-\d+-calls">([^<]*)<\/script>/g;
const body = html.slice(html.indexOf('<body>'), html.indexOf('<script>')).replaceAll(DATA, '');

describe('report.html', () => {
  it('escapes every hostile string', () => {
    assert.doesNotMatch(body, /<script|<img|<\/svg>[^<]*\]\]|\u001b|\u0000|\u202e/);
    assert.ok(body.split('&lt;script&gt;window.pwned').length > 20);
    assert.equal(html.split('<script>').length, 2);
  });

  it('leaves handlebars in the input alone', () => {
    assert.match(body, /&#x60;\{\{constructor\}\}/);
  });

  it('links evidence below the run folder only', () => {
    const links = [...body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!);
    assert.ok(links.length > 2);
    for (const link of links) assert.match(link, /^(#|\.\/)/);
  });

  it('gives the command that runs it again', () => {
    const again = reportHtml(runOf([{ ...carrierCut(), file: "scenarios/it's here.yaml" }]));
    assert.match(
      again,
      /deadair run &#x27;scenarios\/it&#x27;\\&#x27;&#x27;s here\.yaml&#x27; --seed 20260101 --emulator wire --runtime netns --defects none/,
    );
  });

  it('renders a run with no scenarios, and a scenario with no calls', () => {
    assert.match(reportHtml(runOf([])), /Scoreboard/);
    assert.match(reportHtml(runOf([{ ...steady(), calls: [], phases: [] }])), /All 0 calls/);
  });

  it('needs no style attribute, which its own policy would forbid', () => {
    assert.doesNotMatch(body, /\sstyle=|\son\w+=/);
  });
});

describe('timeline', () => {
  const timeline = timelineOf(carrierCut(), 'x');

  it('draws every call that was placed, and nothing outside its frame', () => {
    assert.equal(timeline.calls.length, 100);
    for (const { setup, talk } of timeline.calls)
      for (const bar of [setup, ...(talk ? [talk] : [])])
        assert.ok(bar.x >= timeline.left && bar.x + bar.width <= timeline.right + 0.2);
  });

  it('labels a fault with its kind, target and proof', () => {
    assert.deepEqual(
      timeline.faults.map(({ label, proof }) => [label, proof]),
      [['cut blackhole · sbc--carrier-a · proven', 'proven']],
    );
    assert.match(timelineOf(invalidRun(), 'x').faults[0]!.label, /not proven$/);
  });

  it('keeps the labels of short faults apart', () => {
    const faults = [12, 13, 14, 38].map((s) => cutFault({ appliedAt: s * 1000, healedAt: s * 1000 + 400 }));
    const { faults: bands, width } = timelineOf({ ...carrierCut(), faults }, 'x');
    assert.equal(new Set(bands.slice(0, 3).map(({ y }) => y)).size, 3);
    for (const { label, labelX, anchor } of bands) {
      const length = label.length * 5.5;
      assert.ok(anchor === 'start' ? labelX + length <= width : labelX - length >= 0, label);
    }
  });

  it('marks failed calls with their status', () => {
    const failed = timeline.calls.flatMap(({ failed }) => failed ?? []);
    assert.deepEqual(
      failed.map(({ status }) => status),
      ['503', '503'],
    );
  });

  it('shows what each ear heard over time, the caller above', () => {
    const oneWay = timelineOf(
      { ...steady(), calls: [call({ n: 1, inviteAt: 0, trunk: 'b', calleeDeafFrom: 3000 })] },
      'x',
    );
    const ears = oneWay.calls[0]!.ears.map(({ strips }) => strips.map(({ heardClass }) => heardClass));
    assert.deepEqual(ears, [['correct'], ['correct', 'nothing']]);
    assert.ok(oneWay.calls[0]!.ears[0]!.y < oneWay.calls[0]!.ears[1]!.y);
  });

  it('shares a column among the trunks by the calls placed in it', () => {
    const calls = ['a', 'a', 'a', 'b'].map((trunk, n) => call({ n, inviteAt: n * 100, trunk }));
    const scales = { x: (ms: number) => ms, y: (share: number) => 100 * (1 - share) };
    const [a, b] = sharePaths(calls, ['a', 'b'], { fromMs: 0, toMs: 1000 }, scales);
    assert.match(a!, /^M0,25L1000,25/); // top of the lower layer: three quarters up
    assert.match(b!, /^M0,0L1000,0/);
  });

  it('uses the hostile trunk name as text only', () => {
    const { trunks } = timelineOf(hostile(), 'x');
    assert.equal(trunks[0]!.trunkClass, 'trunk-0');
    assert.ok(trunks[0]!.name.startsWith(HOSTILE.slice(0, 20)));
  });
});
