import { callStyle } from './calls/style.js';
import { chartStyle } from './chart-style.js';

/** Colours are chosen for 4.5:1 text contrast on their ground, in both schemes. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f7f7f5; --card: #ffffff; --ink: #1d2126; --quiet: #5a626c; --line: #e2e3e0; --link: #1f56a8;
  --good: #1c7a45; --good-soft: #e0f2e7; --fair: #8a5a00; --fair-soft: #fbefd5; --bad: #b3261e; --bad-soft: #fce4e2;
  --odd: #6a3fb0; --odd-soft: #ece5f8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --card: #1c2024; --ink: #e6e8ea; --quiet: #a0a8b1; --line: #30363c; --link: #8db8ff;
    --good: #6fd39b; --good-soft: #173526; --fair: #eebd62; --fair-soft: #3a2d12; --bad: #ff8f86; --bad-soft: #44201d;
    --odd: #c3a5f5; --odd-soft: #2f2447;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1240px; padding: 0 clamp(14px, 3vw, 32px) 48px; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; font-variant-numeric: tabular-nums; }
code, pre, .id { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .86em; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
h1 { font-size: clamp(24px, 4vw, 34px); line-height: 1.2; margin: 4px 0 8px; letter-spacing: -.015em; font-weight: 650; }
h2 { font-size: 21px; line-height: 1.3; margin: 0 0 6px; letter-spacing: -.01em; overflow-wrap: anywhere; }
h3 { font-size: 15px; margin: 26px 0 8px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; }
.top { padding: 36px 0 26px; }
.brand { margin: 0; color: var(--quiet); font-weight: 600; letter-spacing: .14em; text-transform: uppercase; font-size: 12px; }
h1.good::before, h1.bad::before { content: ''; display: inline-block; width: .5em; height: .5em; border-radius: 50%; margin-right: .45em; vertical-align: .12em; }
h1.good::before { background: var(--good); } h1.bad::before { background: var(--bad); }
.quiet { color: var(--quiet); margin: 0; } footer { padding-top: 28px; max-width: 80ch; font-size: 13px; }
main > section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: clamp(14px, 2.4vw, 28px); margin-bottom: 22px; }
.scroll { overflow-x: auto; }
.scenario { content-visibility: auto; contain-intrinsic-size: auto 1500px; }
table { border-collapse: collapse; width: 100%; min-width: 900px; text-align: left; }
th, td { padding: 9px 14px 9px 0; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 500; font-size: 13px; white-space: nowrap; }
tbody th { font-weight: 550; }
tbody:last-child > tr:last-child > * { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; padding-right: 22px; }
.scoreboard { min-width: 940px; }
.scoreboard tbody th { width: 27%; }
.scoreboard tbody tr:not(:last-child) > * { border-bottom: 0; padding-bottom: 2px; }
.scoreboard tbody th a { text-decoration-color: transparent; color: var(--ink); } .scoreboard tbody th a:hover { text-decoration-color: currentColor; color: var(--link); }
.scoreboard .why td { color: var(--quiet); padding-top: 2px; } .scoreboard .why code { color: var(--ink); font-weight: 600; }
.id { display: block; color: var(--quiet); font-weight: 400; } .lead .id { display: inline; margin-right: 8px; }
.figures { display: block; color: var(--quiet); font-size: 12.5px; line-height: 1.4; }
.axis-cell { width: 15%; }
.score { font-size: 19px; font-weight: 600; line-height: 1.25; }
.score.good, .yes { color: var(--good); } .score.fair { color: var(--fair); } .score.poor, .no { color: var(--bad); } .score.unknown { color: var(--quiet); }
.score-bar { display: block; width: 100%; max-width: 120px; height: 4px; margin: 3px 0 5px; border-radius: 2px; fill: currentColor; }
.score-bar .ground { fill: var(--line); }
.score-bar.good { color: var(--good); } .score-bar.fair { color: var(--fair); } .score-bar.poor { color: var(--bad); }
.verdict { display: inline-block; padding: 1px 10px; border-radius: 99px; font-weight: 600; font-size: 13px; background: var(--odd-soft); color: var(--odd); }
.verdict.pass { background: var(--good-soft); color: var(--good); } .verdict.fail { background: var(--bad-soft); color: var(--bad); }
.verdict.degraded { background: var(--fair-soft); color: var(--fair); }
.outcome { font-size: 12.5px; } td .outcome { display: block; margin-top: 4px; }
.outcome.yes::before { content: '✓ '; } .outcome.no::before { content: '✗ '; }
.lead { margin: 0 0 10px; } .lead > * { margin-right: 6px; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 99px; padding: 0 9px; font-size: 12px; color: var(--quiet); max-width: 100%; overflow-wrap: anywhere; }
.story, .twin { margin: 0 0 6px; max-width: 80ch; overflow-wrap: anywhere; } .story { color: var(--quiet); }
.finding { border-left: 3px solid var(--bad); background: var(--ground); border-radius: 0 8px 8px 0; padding: 12px 18px; margin: 14px 0; overflow-wrap: anywhere; }
.finding.invalid { border-color: var(--odd); } .advice { color: var(--quiet); }
.finding h3 { margin: 0 0 2px; } .finding p { margin: 0 0 4px; }
.evidence { margin: 0; padding: 0; list-style: none; font-size: 13px; overflow-wrap: anywhere; }
.proof { margin: 0 0 6px; font-size: 13.5px; } .proof b { font-weight: 600; }
details { border-top: 1px solid var(--line); margin-top: 18px; padding-top: 12px; } details + details { margin-top: 12px; }
summary { cursor: pointer; font-weight: 550; padding: 4px 0; } .calls { font-size: 13px; } .calls th, .calls td { padding: 5px 12px 5px 0; white-space: nowrap; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 10px 20px; margin: 12px 0; }
dt { color: var(--quiet); font-size: 13px; overflow-wrap: anywhere; } dd { margin: 0; overflow-wrap: anywhere; }
.reproduce { background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; margin: 0; white-space: pre-wrap; }
#tip { position: fixed; z-index: 2; max-width: min(340px, 90vw); pointer-events: none; white-space: pre-line; background: var(--ink); color: var(--card);
  padding: 9px 12px; border-radius: 8px; font-size: 13px; line-height: 1.45; overflow-wrap: anywhere; }
${chartStyle}${callStyle}
@media (max-width: 620px) {
  .evidence li { margin-bottom: 5px; }
  .scoreboard { min-width: 0; display: block; } .scoreboard thead { position: absolute; clip-path: inset(50%); }
  .scoreboard tbody, .scoreboard td, .scoreboard th { display: block; } .scoreboard tbody tr { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0 10px; }
  .scoreboard tbody th, .scoreboard td:nth-child(2), .scoreboard .why td { grid-column: 1 / -1; width: auto; padding-right: 0; border-bottom: 0; }
  .scoreboard tbody { border-bottom: 1px solid var(--line); padding-bottom: 8px; } .scoreboard td .outcome { display: inline; margin-left: 8px; }
  .axis-cell { width: auto; min-width: 0; padding: 2px 0; border-bottom: 0; } .axis-cell .figures { overflow-wrap: anywhere; }
  .axis-cell::before { display: block; font-size: 12px; color: var(--quiet); } .axis-cell:nth-child(3)::before { content: 'Ringback'; }
  .axis-cell:nth-child(4)::before { content: 'Audio'; } .axis-cell:nth-child(5)::before { content: 'Failback'; } .axis-cell:nth-child(6)::before { content: 'Overall'; }
}
@media print { body { max-width: none; } .scenario { content-visibility: visible; } .scroll { overflow: visible; } main > section { break-inside: avoid-page; } }
`;
