import { css } from 'lit'

/** What all elements have in common. Colours come from the page, as custom properties. */
export const baseStyles = css`
  *, ::before, ::after { box-sizing: border-box; }
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  button, input { font: inherit; color: inherit; }
  button { cursor: pointer; }
  a { color: var(--accent); }
  bdi { overflow-wrap: anywhere; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .only-heard {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap;
  }
  .soft { color: var(--soft); }
  .plain {
    padding: 0.3rem 0.7rem; border: 1px solid var(--frame); border-radius: 6px; background: var(--raised);
    line-height: 1.3;
  }
  .plain:hover { border-color: var(--soft); }
  .plain[aria-pressed='true'] { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
  .good { --tone: var(--good); --tone-fill: var(--good-fill); }
  .warn { --tone: var(--warn); --tone-fill: var(--warn-fill); }
  .bad { --tone: var(--bad); --tone-fill: var(--bad-fill); }
  .off, .unknown { --tone: var(--soft); --tone-fill: var(--sunken); }
  .pill {
    display: inline-flex; gap: 0.35em; align-items: baseline; padding: 0.05em 0.55em; border-radius: 99px;
    background: var(--tone-fill); color: var(--tone); font-size: 0.85em; white-space: nowrap;
  }
  .sign { font-weight: 700; }
  .reason { color: var(--soft); font-size: 0.85em; line-height: 1.35; overflow-wrap: anywhere; }
  .value { font-variant-numeric: tabular-nums; font-weight: 600; }
  @media (prefers-reduced-motion: no-preference) {
    .plain, .card { transition: border-color 120ms; }
  }
  @media (forced-colors: active) {
    .pill { border: 1px solid currentcolor; }
  }
`

/** The frame of all cards. Those beyond the screen are neither laid out nor painted. */
export const cardStyles = css`
  :host { content-visibility: auto; contain-intrinsic-size: auto 3.25rem; min-width: 0; height: 100%; }
  .card {
    position: relative; display: grid; align-content: start; gap: 0.5rem; height: 100%; padding: 0.55rem 0.7rem;
    border: 1px solid var(--frame); border-radius: 8px; background: var(--raised);
  }
  .card:hover { border-color: var(--soft); }
  .card.bad, .card.warn { border-color: var(--tone); }
  .card.off, .card.unknown { background: transparent; }
  .head {
    display: flex;
    gap: 0.55rem;
    align-items: center;
  }
  .icon {
    flex: none;
    flex: none; width: 1.5em; height: 1.5em; overflow: hidden; text-align: center; line-height: 1.5; white-space: nowrap;
  }
  .off .icon { filter: grayscale(1); opacity: 0.6; }
  .name { flex: 1; min-width: 0; font-size: 1em; font-weight: 600; line-height: 1.3; }
  .off .name, .unknown .name { font-weight: 400; color: var(--soft); }
  .open { display: block; padding: 0; border: 0; background: none; font-weight: inherit; text-align: start; }
  .open bdi {
    display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
  }
  .open::after { content: ''; position: absolute; inset: 0; border-radius: 7px; }
  .open:focus-visible { outline: none; }
  .open:focus-visible::after { outline: 2px solid var(--accent); outline-offset: -2px; }
  .head .value { white-space: nowrap; }
  .note { display: block; font-size: 0.85em; font-weight: 400; color: var(--soft); overflow-wrap: anywhere; }
  .warning { color: var(--warn); font-size: 0.85em; line-height: 1.35; overflow-wrap: anywhere; }
  .pair { display: flex; justify-content: space-between; gap: 0.75rem; font-size: 0.9em; }
  svg { display: block; width: 100%; }
  @media (forced-colors: active) {
    .card { border-color: CanvasText; }
  }
`

/** The dependency graph, in the colours of the page. */
export const graphStyles = css`
  .picture { overflow: auto; max-height: 80vh; border: 1px solid var(--frame); border-radius: 8px; background: var(--raised); }
  .picture:focus-visible { outline-offset: -3px; }
  svg { display: block; margin: 0 auto; }
  svg.fits { width: 100%; height: auto; }
  text { fill: var(--ink); font-family: var(--sans); }
  .graph > polygon { fill: none; stroke: none; }
  .graph > text { font-size: 16px; font-weight: 600; }
  .graph > text + text { fill: var(--soft); font-size: 11px; font-weight: 400; }
  .cluster > path, .cluster > polygon { fill: none; stroke: var(--frame); }
  .cluster > text { fill: var(--soft); font-size: 11px; font-weight: 600; }
  .node > text { font-size: 11px; }
  .node > text + text { fill: var(--soft); font-size: 9px; }
  .node > path, .node > polygon, .node > ellipse { fill: var(--sunken); stroke: var(--soft); }
  .edge > path { fill: none; stroke: var(--line); }
  .edge > polygon, .edge > polyline { fill: var(--line); stroke: var(--line); }
  .provided_by > polygon { fill: var(--raised); }
  .ready > path, .ready > polygon { fill: var(--good-fill); stroke: var(--good); }
  .not-ready > path, .not-ready > polygon { fill: var(--bad-fill); stroke: var(--bad); }
  .unknown > path, .unknown > polygon { fill: var(--warn-fill); stroke: var(--warn); }
  [role='button'] { cursor: pointer; }
  [role='button']:hover > text { text-decoration: underline; }
  [role='button']:focus-visible { outline: none; }
  [role='button']:focus-visible > path, [role='button']:focus-visible > polygon { stroke: var(--accent); stroke-width: 3; }
  .tools { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin-block: 0.5rem; }
  @media (forced-colors: active) {
    text { fill: CanvasText; }
    path, polygon, ellipse, polyline { stroke: CanvasText !important; fill: Canvas !important; }
    [role='button']:focus-visible > path { stroke: Highlight !important; }
  }
`

/** The panel at the side. */
export const panelStyles = css`
  dialog {
    position: fixed; inset: 0 0 0 auto; z-index: 2; display: none; flex-direction: column; width: min(27rem, 100vw);
    max-width: none; height: 100dvh; max-height: none; margin: 0; padding: 0; border-width: 0 0 0 1px;
  }
  dialog[open] { display: flex; }
  .head {
    display: flex; gap: 1rem; align-items: flex-start; justify-content: space-between; padding: 0.9rem 1.1rem;
    border-bottom: 1px solid var(--frame);
  }
  h2 { font-size: 1.2em; line-height: 1.3; }
  h2:focus-visible { outline: none; }
  h3 { margin-top: 0.6rem; font-size: 0.95em; }
  .body { display: grid; gap: 0.6rem; align-content: start; padding: 0.9rem 1.1rem; overflow: auto; flex: 1; }
  .body:focus-visible { outline-offset: -3px; }
  dl { display: grid; grid-template-columns: fit-content(45%) 1fr; gap: 0.3rem 0.9rem; font-size: 0.9em; }
  dt { color: var(--soft); overflow-wrap: anywhere; }
  dd { overflow-wrap: anywhere; }
  .code, .ref, .link { font-family: var(--mono); font-size: 0.9em; }
  .tone { color: var(--tone); }
  .reading { display: grid; gap: 0.4rem; }
  .causes { display: grid; gap: 0.7rem; }
  .causes li { padding-inline-start: 0.7rem; border-inline-start: 3px solid var(--bad); font-size: 0.9em; }
  .refs { display: flex; flex-wrap: wrap; gap: 0.25rem 0.9rem; }
  .link {
    min-height: 1.5rem; padding: 0; border: 0; background: none; color: var(--accent); text-align: start;
    text-decoration: underline; text-underline-offset: 0.2em; overflow-wrap: anywhere;
  }
`

/** Meters: the bar, and the marks of its thresholds. */
export const gaugeStyles = css`
  .gauge { display: grid; gap: 0.2rem; }
  .meter svg { height: 0.6rem; border-radius: 3px; }
  .track { fill: var(--sunken); }
  .fill { fill: var(--tone); }
  .mark { fill: var(--ink); }
  @media (forced-colors: active) {
    .track { fill: Canvas; stroke: CanvasText; }
    .fill { fill: Highlight; }
    .mark { fill: CanvasText; }
  }
`

/** Lines over time. */
export const sparklineStyles = css`
  .spark { height: 2.1rem; border-bottom: 1px solid var(--frame); }
  .spark path { fill: none; vector-effect: non-scaling-stroke; }
  .line { stroke: var(--tone); stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
  .spark.good .line { stroke: var(--accent); }
  .threshold { stroke-width: 1; stroke-dasharray: 3 3; }
  .threshold.warning { stroke: var(--warn); }
  .threshold.critical { stroke: var(--bad); stroke-dasharray: none; opacity: 0.7; }
  @media (forced-colors: active) {
    .spark path { stroke: CanvasText; }
  }
`

/** What dialogs have in common. */
export const dialogStyles = css`
  dialog {
    border: 1px solid var(--frame); background: var(--raised); color: var(--ink); box-shadow: 0 8px 32px rgb(0 0 0 / 25%);
  }
  dialog::backdrop { background: rgb(0 0 0 / 40%); }
  .main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
  code { font-family: var(--mono); font-size: 0.9em; overflow-wrap: anywhere; }
`
