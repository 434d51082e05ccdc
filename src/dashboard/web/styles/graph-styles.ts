import { css } from 'lit'

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
