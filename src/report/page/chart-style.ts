/** Trunks are told apart by hue at one weight; green means heard, red nothing; all have a word in the legend. */
export const chartStyle = `
:root {
  --trunk-0: #3a6fd0; --trunk-1: #d9801a; --trunk-2: #0f8f8c; --trunk-3: #8a5a3c; --trunk-none: #868e98;
  --correct: #4caf7a; --crosstalk: #8e5fd6; --other-stream: #d63fa0; --echo: #0097c4; --tone: #c59b00; --other-audio: #a5673f;
  --comfort-noise: #a9b1ba; --silence: #505a66; --nothing: #e0433b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --trunk-0: #6b9bf2; --trunk-1: #f0a24a; --trunk-2: #3fc1bd; --trunk-3: #c29474; --trunk-none: #8b949e;
    --correct: #3f9d6b; --crosstalk: #b18cf0; --other-stream: #ef72c0; --echo: #4bc2ea; --tone: #e2bd3c; --other-audio: #cf9066;
    --comfort-noise: #79828c; --silence: #c3ccd6; --nothing: #ff6a61;
  }
}
figure { margin: 18px 0 0; }
.timeline { display: block; width: 100%; min-width: 900px; height: auto; font-size: 11.5px; fill: var(--ink); }
.row-labels text, .tick { fill: var(--quiet); } .ticks { text-anchor: middle; }
.grid { stroke: var(--line); vector-effect: non-scaling-stroke; } .axis { stroke: var(--quiet); }
.phase rect { fill: var(--ground); stroke: var(--line); } .phase text { fill: var(--quiet); }
.phase-fault rect { fill: var(--bad-soft); stroke: none; } .phase-fault text { fill: var(--bad); }
.phase-recovery rect { fill: var(--fair-soft); stroke: none; } .phase-recovery text { fill: var(--fair); }
.fault rect { fill: var(--bad-soft); stroke: var(--bad); } .fault text { fill: var(--ink); }
.fault.unproven rect { fill: none; stroke: var(--odd); stroke-dasharray: 4 3; }
.fault-shade { fill: var(--bad); opacity: .055; } .fault-shade.unproven { fill: var(--odd); }
.share-ground { fill: var(--ground); } .share { opacity: .85; }
.trunk-0 { fill: var(--trunk-0); } .trunk-1 { fill: var(--trunk-1); } .trunk-2 { fill: var(--trunk-2); } .trunk-3 { fill: var(--trunk-3); } .trunk-none { fill: var(--trunk-none); }
.call .setup { opacity: .38; } .call .reach { fill: transparent; }
.call:hover .reach { fill: var(--ink); opacity: .1; }
.signalled { fill: var(--card); stroke: var(--ink); stroke-width: 1.2; } .audible { fill: var(--ink); }
.only-near { display: none; } .near .only-near { display: inline; }
.power-off { fill: var(--bad); } .power-boot { fill: var(--fair); } .power-idle { fill: var(--trunk-none); opacity: .5; }
.phone-registered { fill: var(--good); } .phone-refused { fill: var(--bad); } .phone-unanswered { fill: var(--card); stroke: var(--bad); stroke-width: 1.5; }
.cross.moved-on { stroke: var(--ink); stroke-width: 1.4; } .try { fill: var(--bad); font-size: 9.5px; }
.cross { fill: none; stroke: var(--bad); stroke-width: 2; stroke-linecap: round; } .status { fill: var(--bad); font-weight: 600; font-size: 10.5px; }
${heardRules()}
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin-top: 12px; color: var(--quiet); font-size: 13px; }
.legend span { display: inline-flex; align-items: center; gap: 7px; overflow-wrap: anywhere; } .legend i { font-style: normal; flex: none; }
.legend .legend-break { flex-basis: 100%; }
.swatch { width: 18px; height: 8px; border-radius: 2px; background: var(--trunk-none); }
.swatch.trunk-0 { background: var(--trunk-0); } .swatch.trunk-1 { background: var(--trunk-1); } .swatch.trunk-2 { background: var(--trunk-2); } .swatch.trunk-3 { background: var(--trunk-3); }
.swatch.setup { background: var(--trunk-0); opacity: .38; } .swatch.ear { height: 5px; }
.dot { width: 9px; height: 9px; border-radius: 50%; border: 1.6px solid var(--ink); } .dot.phone-registered { background: var(--good); border-color: var(--good); } .dot.phone-refused { background: var(--bad); border-color: var(--bad); } .dot.phone-unanswered { border-color: var(--bad); }
.swatch.power-off { background: var(--bad); } .swatch.power-boot { background: var(--fair); }
.dot.audible { background: var(--ink); width: 7px; height: 7px; }
i.cross { color: var(--bad); font-weight: 700; font-size: 16px; line-height: 1; }
`;

function heardRules(): string {
  const names = 'correct crosstalk other-stream echo tone other-audio comfort-noise silence nothing'.split(
    ' ',
  );
  return names
    .map(
      (name) =>
        `.heard-${name} { fill: var(--${name}); } .swatch.heard-${name} { background: var(--${name}); }`,
    )
    .join('\n');
}
