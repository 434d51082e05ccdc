import { html, nothing, type TemplateResult } from 'lit'
import { renderSymbol } from '../parts/symbol.ts'
import { type DashboardState, describeConnection } from '../state/dashboard-state.ts'
import { toVisibleText } from '../text/text.ts'

interface Banners {
  readonly shown: DashboardState
  /** What the reader has to know; empty for nothing. */
  readonly notice: string
  readonly isSignedIn: boolean
  readonly now: number
  readonly onSign: () => void
  readonly onRetry: () => void
}

/** What holds for the page as a whole, each in one line: rights, registries that cannot be read, a server that is gone. */
export function renderBanners(banners: Banners): TemplateResult {
  const { shown, notice } = banners
  return html`
    ${notice === '' ? nothing : html`<p class="banner warn" role="alert">${renderSymbol('triangle-alert')}<span><bdi>${toVisibleText(notice)}</bdi></span></p>`}
    ${renderLost(banners)}
    ${(shown.view?.warnings ?? []).map(
      warning =>
        html`<p class="banner bad">${renderSymbol('circle-x')}<span><bdi>${toVisibleText(warning)}</bdi>: <code>nexus-registry validate</code></span></p>`,
    )}
    ${renderHidden(banners)}
  `
}

function renderLost({ shown, now, onRetry }: Banners) {
  const { word, says } = describeConnection(shown.connection, now)
  if (word !== 'stale' && word !== 'unknown') return nothing
  return html`<p class="banner bad" role="alert">
    ${renderSymbol('wifi-off')}
    <span><b>The server does not respond.</b> <bdi>${toVisibleText(says)}</bdi>. <button type="button" class="quiet" @click=${onRetry}>Try now</button></span>
  </p>`
}

function renderHidden({ shown, isSignedIn, onSign }: Banners) {
  const hidden = shown.view?.hidden ?? []
  if (hidden.length === 0) return nothing
  const names = hidden.map(name => name.replaceAll('_', ' ')).join(', ')
  return html`<p class="banner warn">
    ${renderSymbol('lock')}
    <span>
      <b>${isSignedIn ? 'Your token does not read everything.' : 'You see what everybody may see.'}</b>
      Hidden: ${names}.
      ${isSignedIn ? nothing : html`<button type="button" class="quiet" @click=${onSign}>Sign in</button>`}
    </span>
  </p>`
}
