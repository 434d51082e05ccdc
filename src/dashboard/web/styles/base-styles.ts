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
