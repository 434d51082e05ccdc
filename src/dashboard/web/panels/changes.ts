import { html, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { ChangeDocument } from '../../model/change-schema.ts'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { describeDetectedChange, indexNames } from '../../model/describe.ts'
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

const detectedSigns: Readonly<
  Record<Extract<ChangeDocument, { kind: 'detected' }>['change'], Pick<ChangeWords, 'tone' | 'symbol'>>
> = {
  came: { tone: 'good', symbol: 'plus' },
  repaired: { tone: 'good', symbol: 'circle-check' },
  up: { tone: 'good', symbol: 'circle-check' },
  broke: { tone: 'bad', symbol: 'circle-x' },
  down: { tone: 'bad', symbol: 'unplug' },
  went: { tone: 'warn', symbol: 'minus' },
  version: { tone: '', symbol: 'arrow-up' },
  path: { tone: '', symbol: 'terminal' },
  status: { tone: '', symbol: 'circle-dashed' },
}

function describeChange(change: ChangeDocument): ChangeWords {
  if (change.kind === 'edit') return describeEdit(change)
  return { ...detectedSigns[change.change], says: describeDetectedChange(change, '→') }
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
