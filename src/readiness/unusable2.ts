import type { Style } from '../lib/terminal/style.ts'
import type { TableOptions } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/wrap-words.ts'
import { renderCount } from '../lib/text/count.ts'
import { renderCauses } from './cause.ts'
import type { Explanation, RootCause, Unusable } from './explanation.ts'
import { listRefs } from './list-refs.ts'

/** Everything that cannot be used: what is to blame for most of it first, then what waits for what. */
export function renderUnusable({ causes, unusable }: Unusable, { style, width }: TableOptions): string {
  if (unusable.length === 0) return style.green('Everything can be used here.')
  const blamed = causes.flatMap(cause => [...renderCauses([cause], style), ...renderBlocks(cause, style)])
  const counted = `${renderCount(unusable.length, 'thing')} cannot be used here, for ${renderCount(causes.length, 'cause')}`
  const lines = [style.bold(counted), ...blamed].map(line => wrapWords(line, width))
  return [...lines, ...renderWaiting(unusable, { style, width })].join('\n')
}

function renderBlocks({ blocks }: RootCause, style: Style): string[] {
  return blocks.length === 0 ? [] : [`    ${style.dim(`blocks ${blocks.length}:`)} ${listRefs(blocks)}`]
}

/** What is not ready for want of other things, together with everything that waits for the same ones. */
function renderWaiting(unusable: readonly Explanation[], { style, width }: TableOptions): string[] {
  const groups = new Map<string, string[]>()
  for (const { ref, causes } of unusable) {
    const others = causes.filter(cause => cause.ref !== ref).map(cause => cause.ref)
    if (others.length === 0) continue
    const wanted = listRefs(others.toSorted())
    groups.set(wanted, [...(groups.get(wanted) ?? []), ref])
  }
  const lines = [...groups].map(([wanted, refs]) =>
    wrapWords(`  ${style.dim(wanted)} → ${listRefs(refs)}`, width, 4),
  )
  return lines.length === 0 ? [] : ['', style.bold('What waits for what'), ...lines]
}
