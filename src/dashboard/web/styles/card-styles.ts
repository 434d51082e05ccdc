import { css } from 'lit'

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
  .trouble { color: var(--warn); font-size: 0.85em; line-height: 1.35; overflow-wrap: anywhere; }
  .pair { display: flex; justify-content: space-between; gap: 0.75rem; font-size: 0.9em; }
  svg { display: block; width: 100%; }
  @media (forced-colors: active) {
    .card { border-color: CanvasText; }
  }
`
