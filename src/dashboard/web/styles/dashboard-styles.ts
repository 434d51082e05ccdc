import { css } from 'lit'

/** The page: what is above the cards, and what is below them. */
export const dashboardStyles = css`
  :host { container-type: inline-size; }
  .top {
    position: sticky; top: 0; z-index: 1; display: grid; gap: 0.5rem; padding: 0.6rem var(--edge);
    border-bottom: 1px solid var(--frame); background: var(--page);
  }
  .line { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; }
  h1 { margin: 0; font-size: 1.05em; font-weight: 700; letter-spacing: 0.04em; }
  h1 span { color: var(--soft); font-weight: 400; letter-spacing: 0; }
  .connection { display: flex; flex-wrap: wrap; gap: 0.3rem 0.6rem; align-items: center; min-width: 0; }
  .says { font-size: 0.85em; color: var(--soft); }
  .counts { color: var(--soft); }
  .counts b { margin-inline-start: 0.5em; color: var(--ink); font-variant-numeric: tabular-nums; }
  .counts .tone { color: var(--tone); }
  .found { margin-inline-start: 0.5em; }
  .tools { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-inline-start: auto; }
  input {
    width: 12rem; padding: 0.3rem 0.6rem; border: 1px solid var(--soft); border-radius: 6px;
    background: var(--raised);
  }
  input::placeholder { color: var(--soft); opacity: 1; }
  .strip { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; font-size: 0.85em; }
  .strip li { display: flex; gap: 0.35em; white-space: nowrap; }
  .strip .sign { color: var(--tone); }
  .notice {
    padding: 0.35rem 0.7rem; border-inline-start: 3px solid var(--warn); background: var(--warn-fill);
    color: var(--ink);
  }
  main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; padding: 1rem var(--edge) 3rem; }
  .waiting { grid-column: 1 / -1; padding: 2rem 0; }
  .link {
    min-height: 1.5rem; padding: 0; border: 0; background: none; color: var(--accent);
    font-family: var(--mono); font-size: 0.95em; text-align: start; text-decoration: underline;
    text-underline-offset: 0.35em; overflow-wrap: anywhere;
  }
  summary { width: fit-content; padding-block: 0.2rem; cursor: pointer; }
  summary h2 { display: inline; }
`

/** How many columns the cards have, how many a section takes of them, and where the recent changes stand. */
export const layoutStyles = css`
  .frame { container-type: inline-size; }
  .sections {
    --columns: 1; display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
    gap: 1.25rem 0.6rem; align-items: start;
  }
  .section {
    display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; gap: 0.45rem 0.6rem; min-width: 0;
  }
  .section > h2, .recent > h2, summary h2 {
    grid-column: 1 / -1; font-size: 0.85em; font-weight: 600; color: var(--soft);
  }
  .cards { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; gap: 0.6rem; }
  .cards > li { min-width: 0; }
  .without-component { height: 100%; }
  .recent { display: grid; gap: 0.45rem; align-content: start; }
  .recent.none { display: none; }
  .changes { display: grid; max-height: 8rem; overflow: auto; gap: 0.35rem; font-size: 0.9em; }
  .changes li {
    display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: 0.6rem; align-items: baseline;
    overflow-wrap: anywhere;
  }
  @container (min-width: 31rem) {
    .sections { --columns: 2; }
    .span-1 { grid-column: span 1; }
    .span-2 { grid-column: span 2; }
  }
  @container (min-width: 46rem) { .sections { --columns: 3; } .span-3 { grid-column: span 3; } }
  @container (min-width: 62rem) { .sections { --columns: 4; } .span-4 { grid-column: span 4; } }
  @container (min-width: 80rem) { .sections { --columns: 5; } .span-5 { grid-column: span 5; } }
  @container (min-width: 98rem) { .sections { --columns: 6; } .span-6 { grid-column: span 6; } }
  @container (min-width: 116rem) {
    .sections { --columns: 8; }
    .span-7 { grid-column: span 7; }
    .span-8 { grid-column: span 8; }
  }
  @container (max-width: 44rem) {
    .top { position: static; }
    .tools { width: 100%; margin: 0; }
    input { flex: 1 1 8rem; width: auto; min-width: 0; }
  }
  @container (min-width: 100rem) {
    main.known { grid-template-columns: minmax(0, 1fr) 19rem; }
    .frame { grid-row: 1; }
    .recent, .recent.none {
      display: grid; grid-row: 1; grid-column: 2; padding-inline-start: 1rem;
      border-inline-start: 1px solid var(--frame);
    }
    .changes { position: sticky; top: 6rem; max-height: calc(100dvh - 7rem); }
    .graph { grid-column: 1 / -1; }
  }
`
