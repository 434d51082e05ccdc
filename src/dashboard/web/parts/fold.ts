import { html, nothing, type TemplateResult } from 'lit'
import { toVisibleText } from '../text/text.ts'
import { renderSymbol } from './symbol.ts'

interface Fold {
  /** What is folded: `9 not here`. */
  readonly title: string
  readonly names: readonly string[]
  readonly content: () => TemplateResult
  readonly kind?: string
}

/** Most names in the line of a fold. Its end is cut where there is no room. */
const mostNames = 40

/** Things that are worth one line, which opens. Nothing for no names. */
export function renderFold({ title, names, content, kind = '' }: Fold): TemplateResult | typeof nothing {
  if (names.length === 0) return nothing
  const listed = names.slice(0, mostNames).map(toVisibleText).join(', ')
  return html`<details class="fold ${kind}">
    <summary>${renderSymbol('chevron-right')}<b>${title}</b> <span><bdi>${listed}</bdi></span></summary>
    ${content()}
  </details>`
}
