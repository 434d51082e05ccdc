import { paintStatus } from '../lib/terminal/status.ts'
import type { Style } from '../lib/terminal/style.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Cause } from './explanation.ts'
import { listRefs } from './list-refs.ts'

/** What stands in the way, and below it what to do. Neighbours of which the same is to be said are one. */
export function renderCauses(causes: readonly Cause[], style: Style): string[] {
  const groups: Cause[][] = []
  for (const cause of causes) {
    const group = groups.at(-1)
    if (group?.[0] && saysTheSame(group[0], cause)) group.push(cause)
    else groups.push([cause])
  }
  return groups.flatMap(group => renderGroup(group, style))
}

function saysTheSame(left: Cause, right: Cause): boolean {
  return left.status === right.status && left.reason === right.reason && left.hint === right.hint
}

function renderGroup(causes: readonly Cause[], style: Style): string[] {
  const [first] = causes
  if (first === undefined) return []
  const sign = first.status === 'unknown' ? style.yellow('?') : style.red('✗')
  const refs = listRefs(causes.map(({ ref }) => ref))
  return [
    `  ${sign} ${style.bold(refs)}: ${toVisibleLine(first.reason)}`,
    `    ${style.cyan('fix:')} ${toVisibleLine(first.hint)}`,
  ]
}

/** The first line: what it is about, and how usable that is. */
export function renderVerdict(ref: string, status: string, style: Style): string {
  return `${style.bold(toVisibleLine(ref))} is ${status === 'not ready' ? style.red(status) : paintStatus(status, style)}`
}
