import { css } from 'lit'

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
