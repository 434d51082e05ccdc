import { css } from 'lit'

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
