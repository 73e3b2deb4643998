/** The style of a report: light and dark, from 320 pixels on, and on paper. @module */

/** The style sheet. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f6f2, #121315);
  --surface: light-dark(#ffffff, #1a1c1f);
  --ink: light-dark(#1d1c1a, #eae9e6);
  --muted: light-dark(#5f5c55, #a5a39b);
  --line: light-dark(#e2dfd7, #2f3236);
  --accent: light-dark(#0f6b5c, #4cc2a6);
  --range: light-dark(#9ad6c4, #1b6553);
  --wrong: light-dark(#a5301a, #ff9479);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 1.5rem max(1rem, (100vw - 60rem) / 2) 4rem;
  background: var(--paper);
  color: var(--ink);
  font: 15px/1.5 ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.375rem; margin: 0 0 0.25rem; }
h2 { font-size: 1.0625rem; margin: 0 0 0.5rem; }
p { margin: 0 0 0.75rem; max-width: 42rem; }
header p, .note, .method, .pale, small { color: var(--muted); }
header { margin-bottom: 1.25rem; }
section, .figures div {
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: 10px;
  padding: 1rem;
  margin: 0 0 1rem;
}
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.25rem, 1fr)); gap: 0.75rem; margin: 0 0 1rem; }
.figures div { margin: 0; padding: 0.75rem 1rem; }
.figures dt { color: var(--muted); font-size: 0.8125rem; }
.figures dd { margin: 0; }
.figures b { display: block; font-size: 1.375rem; white-space: nowrap; font-weight: 650; letter-spacing: -0.01em; }
.figures small { display: block; line-height: 1.3; }
.note, .method { font-size: 0.875rem; }
.note { margin: 0.5rem 0 0; }
.method ul { margin: 0; padding-left: 1.1rem; max-width: 46rem; }
.text { font-family: ui-monospace, "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", Consolas, monospace; font-size: 0.9375em; white-space: pre-wrap; }
h1 .text { font-size: 1em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: baseline; }
th { font-weight: 500; overflow-wrap: normal; }
thead th { color: var(--muted); font-size: 0.8125rem; font-weight: 500; white-space: nowrap; }
tbody tr { border-top: 1px solid var(--line); }
.number { text-align: right; white-space: nowrap; }
.wrong { color: var(--wrong); }
.pass { color: var(--accent); }
.fail { color: var(--wrong); }
.intervals { width: 100%; }
.intervals .axis { width: 45%; min-width: 8rem; padding-right: 0; }
.intervals td:last-child { padding-right: 0; }
.ends { display: flex; justify-content: space-between; }
.interval { display: block; width: 100%; height: 14px; }
.interval path, .curve path { fill: none; vector-effect: non-scaling-stroke; }
.rule { stroke: var(--line); }
.range { fill: var(--range); }
.mark { stroke: var(--accent); stroke-width: 2.5; }
.grid th, .grid td { text-align: center; padding: 0.375rem 0.5rem; border: 2px solid var(--surface); }
.grid td { min-width: 5rem; border-radius: 6px; }
.grid thead th:first-child { white-space: normal; max-width: 7rem; overflow-wrap: normal; }
.grid b { white-space: nowrap; display: block; font-weight: 600; }
.grid small { color: inherit; }
.grid tbody tr, .matrix tbody tr { border: 0; }
.none { color: var(--muted); }
.legend { display: flex; flex-wrap: wrap; gap: 2px; margin: 0.75rem 0 0; font-size: 0.75rem; }
.legend span { padding: 0.125rem 0.5rem; }
.s0 { background: light-dark(#c6432b, #e2674c); color: light-dark(#ffffff, #1b0803); }
.s1 { background: light-dark(#e58a72, #b2492f); color: light-dark(#2a0d06, #ffffff); }
.s2 { background: light-dark(#f3bda9, #7d3826); color: light-dark(#2a0d06, #ffffff); }
.s3 { background: light-dark(#f4dfb8, #5b4a23); color: light-dark(#2b2208, #ffffff); }
.s4 { background: light-dark(#dcebc9, #35502c); color: light-dark(#16240c, #ffffff); }
.s5 { background: light-dark(#b5e0cf, #1d5a49); color: light-dark(#06261b, #ffffff); }
.s6 { background: light-dark(#86cdb4, #14705a); color: light-dark(#04231a, #ffffff); }
.matrix th, .matrix td { text-align: center; padding: 0.125rem 0.375rem; min-width: 1.875rem; border: 1px solid var(--line); }
.matrix thead tr:first-child > *, .matrix thead th:first-child { border: 0; }
.matrix .right { color: var(--muted); }
.e1 { background: light-dark(#fbe6df, #42241b); }
.e2 { background: light-dark(#f6c4b4, #67301f); }
.e3 { background: light-dark(#ee9a82, #974128); color: light-dark(#2a0d06, #ffffff); }
.e4 { background: light-dark(#dd6d51, #cf5a3c); color: light-dark(#210803, #180602); }
.beside { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; align-items: center; }
.curve { width: 100%; max-width: 24rem; height: auto; flex: 0 1 24rem; }
.curve text { font-size: 12px; fill: var(--muted); }
.equal { stroke: var(--muted); stroke-dasharray: 2 4; }
.line { stroke: var(--accent); stroke-width: 2; }
.whisker { stroke: var(--accent); stroke-width: 1.5; }
.dot { fill: var(--accent); stroke: var(--surface); stroke-width: 1.5; }
.count { fill: var(--range); }
@media (max-width: 34rem) {
  .intervals th:last-child, .intervals td:last-child { display: none; }
  .grid td { min-width: 0; }
  .grid th, .grid td { padding: 0.25rem; }
  .grid b { font-size: 0.8125rem; }
  table { font-size: 0.875rem; }
  th, td { padding-right: 0.375rem; }
}
@media print {
  body { padding: 0; background: none; }
  section, .figures div { break-inside: avoid; }
}
`;
