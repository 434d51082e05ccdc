import { css } from 'lit'

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
