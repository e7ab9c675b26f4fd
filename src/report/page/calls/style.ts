export const callStyle = `
dialog { width: min(1180px, 100vw); max-width: 100vw; height: 100dvh; max-height: 100dvh; margin: 0 auto; border: 0; padding: 0 clamp(14px, 3vw, 32px) 40px;
  background: var(--card); color: var(--ink); overflow: auto; }
dialog::backdrop { background: rgb(0 0 0 / .45); }
body:has(dialog[open]) { overflow: hidden; }
.call-top { position: sticky; top: 0; z-index: 1; background: var(--card); border-bottom: 1px solid var(--line); padding: 14px 0 10px; }
.call-top h2:focus { outline: none; } .call-top nav { float: right; display: flex; gap: 12px; align-items: center; margin-left: 16px; }
button { font: inherit; font-size: 13px; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 7px; padding: 3px 11px; cursor: pointer; }
.call-facts { grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); font-size: 13.5px; }
.ears { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 26px; }
.ear { min-width: 0; } .ear h3 { margin: 8px 0; }
.classes { display: block; width: 100%; height: 9px; } .ear-axis { display: block; width: 100%; height: 18px; font-size: 11px; fill: var(--quiet); }
.ear-plot { position: relative; background: var(--ground); border: 1px solid var(--line); border-width: 1px 0; }
.wave, .spectrogram { display: block; height: 64px; image-rendering: pixelated; } .wave { color: var(--link); }
.spectrogram { height: 96px; color: var(--ink); border-top: 1px solid var(--line); }
.overlay { position: absolute; inset: 0; width: 100%; height: 100%; }
.outage { fill: var(--nothing); opacity: .22; } .playhead { stroke: var(--bad); stroke-width: 1.5; }
.player { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; margin-top: 8px; } .player audio { height: 36px; max-width: 100%; flex: 1 1 220px; }
.outages { margin: 6px 0; padding-left: 18px; font-size: 13px; }
.ladder { min-width: 0; width: auto; font-size: 13px; } .ladder td, .ladder th { padding: 2px 16px 2px 0; vertical-align: middle; white-space: nowrap; border-bottom: 0; }
.ladder svg { display: block; } .ladder .arrow { padding-top: 0; padding-bottom: 0; }
.lane { stroke: var(--line); stroke-width: 1.5; } .lane-name { fill: var(--ink); font-weight: 600; font-size: 12.5px; }
.message line { stroke: var(--ink); stroke-width: 1.3; } .message text { fill: var(--ink); font-size: 12px; } .head { fill: var(--ink); }
.is-lost line, .lost { stroke: var(--bad); stroke-dasharray: 4 3; fill: none; } .lost { stroke-width: 2; stroke-dasharray: none; }
.ladder .evidence { display: flex; gap: 12px; } .call-times { min-width: 0; width: auto; } .call-times th, .call-times td { padding: 4px 24px 4px 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.zoom { display: flex; gap: 6px; justify-content: flex-end; align-items: center; margin-bottom: 6px; } .zoom[hidden] { display: none; }
.zoom-level { color: var(--quiet); font-size: 12.5px; min-width: 52px; text-align: right; }
[data-call] { cursor: pointer; }
`;
