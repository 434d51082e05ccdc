import { html, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { ChangeDocument } from '../../model/change-schema.ts'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { renderOpen, renderRef } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import type { SymbolName } from '../symbol-names.ts'
import { formatDay, toVisibleText } from '../text/text.ts'

/** Most changes beside the other panels. */
const mostBeside = 6

/** The latest changes of the journal. */
export function renderChanges(view: DashboardView, now: number): TemplateResult {
  const { changes } = view
  return html`<section id="changes" class="panel changes" aria-labelledby="h-changes">
    <header><h2 id="h-changes">${renderSymbol('history')}Changes</h2></header>
    ${
      changes.length === 0
        ? html`<p class="text soft">Nothing has changed in the last 30 days.</p>`
        : html`${renderChangeList(changes.slice(0, mostBeside), { now, names: indexNames(view) })}
            <p class="more"><a href="#/changes">All of the last 30 days</a></p>`
    }
  </section>`
}

/** Names of entries that people know, by ref. */
export function indexNames({ sections }: Pick<DashboardView, 'sections'>): ReadonlyMap<string, string> {
  const cards = sections.flatMap(section => section.cards)
  return new Map(cards.flatMap(({ subject, name }) => (subject === null ? [] : [[subject, name] as const])))
}

interface ChangeList {
  readonly now: number
  readonly names: ReadonlyMap<string, string>
}

/** Changes, the newest first. */
export function renderChangeList(changes: readonly ChangeDocument[], list: ChangeList): TemplateResult {
  return html`<ol>
    ${repeat(
      changes,
      ({ time, ref, change }, index) => `${time} ${ref} ${change} ${index}`,
      change => renderChange(change, list),
    )}
  </ol>`
}

function renderChange(change: ChangeDocument, { now, names }: ChangeList): TemplateResult {
  const { tone, symbol, says } = describeChange(change)
  return html`<li class=${tone}>
    ${renderSymbol(symbol)}
    <div>
      <p>${renderName(change.ref, names)} <bdi>${toVisibleText(says)}</bdi></p>
      <p class="when"><time datetime=${change.time}>${formatDay(change.time, now)}</time></p>
    </div>
  </li>`
}

// A model is known by its id, and a part of the dashboard or the hyper registry by its ref.
function renderName(ref: string, names: ReadonlyMap<string, string>): TemplateResult {
  const name = names.get(ref) ?? (ref.startsWith('models/') ? ref.slice('models/'.length) : undefined)
  if (name === undefined) return renderRef(ref)
  return renderOpen({ ref: null, subject: ref, name }, html`<b><bdi>${toVisibleText(name)}</bdi></b>`)
}

interface ChangeWords {
  readonly tone: 'good' | 'bad' | 'warn' | ''
  readonly symbol: SymbolName
  readonly says: string
}

/** What happened, in words that follow the name of the entry. */
export function describeChange(change: ChangeDocument): ChangeWords {
  if (change.kind === 'edit') return describeEdit(change)
  const { from, to } = change
  switch (change.change) {
    case 'came':
      return { tone: 'good', symbol: 'plus', says: 'came' }
    case 'repaired':
      return { tone: 'good', symbol: 'circle-check', says: 'works again' }
    case 'up':
      return { tone: 'good', symbol: 'circle-check', says: 'is up' }
    case 'broke':
      return { tone: 'bad', symbol: 'circle-x', says: 'broke' }
    case 'down':
      return { tone: 'bad', symbol: 'unplug', says: 'is down' }
    case 'went':
      return { tone: 'warn', symbol: 'minus', says: 'went' }
    case 'version':
      return { tone: '', symbol: 'arrow-up', says: `${from ?? 'no version'} → ${to ?? 'no version'}` }
    case 'path':
      return { tone: '', symbol: 'terminal', says: `is now ${to ?? 'nowhere'}` }
    case 'status':
      return { tone: '', symbol: 'circle-dashed', says: `is ${to ?? 'unknown'}, was ${from ?? 'unknown'}` }
  }
}

const editors: Readonly<Record<string, string>> = {
  file: 'in its file',
  http: 'over HTTP',
  upstream: 'by its upstream',
  fix: 'by validate --fix',
}

function describeEdit({ change, by, fields }: Extract<ChangeDocument, { kind: 'edit' }>): ChangeWords {
  const how = Object.hasOwn(editors, by) ? (editors[by] ?? by) : `by ${by}`
  const what = fields.length === 0 ? '' : `: ${fields.join(', ')}`
  const symbols = { added: 'plus', changed: 'pencil', removed: 'minus' } as const
  return { tone: '', symbol: symbols[change], says: `was ${change} ${how}${what}` }
}
