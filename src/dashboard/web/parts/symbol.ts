import { html, type TemplateResult } from 'lit'
import type { Card } from '../../model/dashboard-view.ts'
import type { SymbolName } from '../symbol-names.ts'

/** A symbol of those that the document has. It says nothing by itself: a word stands beside it. */
export function renderSymbol(name: SymbolName, kind = ''): TemplateResult {
  return html`<svg class="icon ${kind}" aria-hidden="true"><use href="#${name}"></use></svg>`
}

/** Symbols of the specification's categories. */
const categorySymbols: Readonly<Record<string, SymbolName>> = {
  container: 'container',
  orchestration: 'ship-wheel',
  compute: 'cpu',
  ml_framework: 'brain-circuit',
  runtime: 'code-xml',
  vcs: 'git-branch',
  cloud: 'cloud',
  iac: 'layers',
  utility: 'terminal',
  providers: 'server',
  local_inference: 'gpu',
  system: 'cpu',
}

export function toCategorySymbol(category: string): SymbolName {
  return (Object.hasOwn(categorySymbols, category) ? categorySymbols[category] : undefined) ?? 'package'
}

/** The symbol of a tool: that of its category, or for an unknown one the character of its entry if it can be drawn. */
export function renderToolSymbol({ icon }: Pick<Card, 'icon'>, category: string): TemplateResult {
  const isKnown = Object.hasOwn(categorySymbols, category)
  if (isKnown || icon === null || !canDraw(icon)) return renderSymbol(toCategorySymbol(category))
  return html`<span class="icon emoji" aria-hidden="true">${icon}</span>`
}

const drawn = new Map<string, boolean>()

/** Whether the fonts of the reader have a character. A missing one looks like a character that no font has. */
function canDraw(text: string): boolean {
  const known = drawn.get(text)
  if (known !== undefined) return known
  const isDrawn = [...text].length <= 4 && isDrawnUnlikeMissing(text)
  drawn.set(text, isDrawn)
  return isDrawn
}

const [side, missing] = [20, '\u{10FFFE}']

function isDrawnUnlikeMissing(text: string): boolean {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (context === null) return false
  const draw = (characters: string) => {
    context.clearRect(0, 0, side, side)
    context.font = `${side - 6}px system-ui, sans-serif`
    context.textBaseline = 'top'
    context.fillText(characters, 0, 2)
    return context.getImageData(0, 0, side, side).data.join()
  }
  const empty = draw('')
  const found = draw(text)
  return found !== empty && found !== draw(missing)
}
