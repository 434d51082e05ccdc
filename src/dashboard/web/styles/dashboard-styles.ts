import { css } from 'lit'

/** The page: what is above the cards, and what is below them. */
export const dashboardStyles = css`
  :host {
    container-type: inline-size;
  }
  .top {
    position: sticky;
    top: 0;
    z-index: 1;
    display: grid;
    gap: 0.5rem;
    padding: 0.6rem var(--edge);
    border-bottom: 1px solid var(--frame);
    background: var(--page);
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem 1rem;
    align-items: center;
  }
  h1 {
    margin: 0;
    font-size: 1.05em;
    font-weight: 700;
    letter-spacing: 0.04em;
  }
  h1 span {
    color: var(--soft);
    font-weight: 400;
    letter-spacing: 0;
  }
  .connection {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 0.6rem;
    align-items: center;
    min-width: 0;
  }
  .says {
    font-size: 0.85em;
    color: var(--soft);
  }
  .counts {
    color: var(--soft);
  }
  .counts b {
    margin-inline-start: 0.5em;
    color: var(--ink);
    font-variant-numeric: tabular-nums;
  }
  .counts .tone {
    color: var(--tone);
  }
  .found {
    margin-inline-start: 0.5em;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-inline-start: auto;
  }
  input {
    width: 12rem;
    padding: 0.3rem 0.6rem;
    border: 1px solid var(--soft);
    border-radius: 6px;
    background: var(--raised);
  }
  input::placeholder {
    color: var(--soft);
    opacity: 1;
  }
  .strip {
    display: flex;
    flex-wrap: wrap;
    gap: 0.15rem 1.1rem;
    font-size: 0.85em;
  }
  .strip li {
    display: flex;
    gap: 0.35em;
    white-space: nowrap;
  }
  .strip .sign {
    color: var(--tone);
  }
  .notice {
    padding: 0.35rem 0.7rem;
    border-inline-start: 3px solid var(--warn);
    background: var(--warn-fill);
    color: var(--ink);
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.5rem;
    padding: 1rem var(--edge) 3rem;
  }
  .waiting {
    grid-column: 1 / -1;
    padding: 2rem 0;
  }
  .link {
    min-height: 1.5rem;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font-family: var(--mono);
    font-size: 0.95em;
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 0.35em;
    overflow-wrap: anywhere;
  }
  summary {
    width: fit-content;
    padding-block: 0.2rem;
    cursor: pointer;
  }
  summary h2 {
    display: inline;
  }
`
