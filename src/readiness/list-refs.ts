import { renderCount } from '../lib/text/count.ts'
import { toVisibleLine } from '../lib/text/visible.ts'

/** More refs than this are counted. */
const mostRefs = 8

/** Refs on one line, the first ones of many. */
export function listRefs(refs: readonly string[]): string {
  const shown = refs.slice(0, mostRefs).map(toVisibleLine).join(', ')
  return refs.length > mostRefs ? `${shown} and ${renderCount(refs.length - mostRefs, 'other')}` : shown
}
