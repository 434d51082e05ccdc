import { css } from 'lit'

/** What dialogs have in common. */
export const dialogStyles = css`
  dialog {
    border: 1px solid var(--frame); background: var(--raised); color: var(--ink); box-shadow: 0 8px 32px rgb(0 0 0 / 25%);
  }
  dialog::backdrop { background: rgb(0 0 0 / 40%); }
  .main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
  code { font-family: var(--mono); font-size: 0.9em; overflow-wrap: anywhere; }
`
