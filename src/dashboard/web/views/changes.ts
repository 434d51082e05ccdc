import { html, type TemplateResult } from 'lit'
import type { ChangeDocument } from '../../model/change-schema.ts'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { indexNames } from '../../model/describe.ts'
import { renderChangeList } from '../panels/changes.ts'
import { toAddress } from '../state/address.ts'

interface ChangesView {
  /** Undefined while they are loaded. */
  readonly changes: readonly ChangeDocument[] | undefined
  readonly view: DashboardView
  /** Why they could not be loaded; empty for nothing. */
  readonly reason: string
  readonly kind: string
  readonly most: number
  readonly now: number
  readonly onMore: () => void
}

const kinds: readonly { readonly key: string; readonly title: string }[] = [
  { key: '', title: 'All' },
  { key: 'detected', title: 'Found by syncs' },
  { key: 'edit', title: 'Edits' },
]

/** The journal of the last 30 days. */
export function renderChangesView({
  changes,
  view,
  reason,
  kind,
  most,
  now,
  onMore,
}: ChangesView): TemplateResult {
  const found = (changes ?? []).filter(change => kind === '' || change.kind === kind)
  const rest = found.length - most
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Changes</h1>
      <p class="soft">the last 30 days</p>
    </div>
    <section class="panel changes" aria-label="Changes">
      <ul class="filters" aria-label="Filters">
        ${kinds.map(
          ({ key, title }) =>
            html`<li><a class="filter" href=${toAddress('changes', key === '' ? {} : { kind: key })} aria-current=${key === kind ? 'true' : 'false'}>${title}</a></li>`,
        )}
      </ul>
      ${reason === '' ? '' : html`<p class="text soft">${reason}</p>`}
      ${changes === undefined && reason === '' ? html`<p class="text soft">Loading…</p>` : ''}
      ${changes !== undefined && found.length === 0 ? html`<p class="text soft">Nothing has changed.</p>` : ''}
      ${renderChangeList(found.slice(0, most), { now, names: indexNames(view) })}
      ${rest > 0 ? html`<p class="more"><button type="button" class="quiet" @click=${onMore}>Show ${Math.min(changesMore, rest)} more</button></p>` : ''}
    </section>
  `
}

/** Changes that are added at once. */
export const changesMore = 100
