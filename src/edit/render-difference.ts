import { listMemberChanges, type MemberChange, toMemberValue } from '../lib/json/member-changes.ts'
import type { Style } from '../lib/terminal/style.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { type RegistryName, registryFiles, subRegistryNames } from '../registry/schema/names.ts'

/** Changed members of one file that are shown in full. The others are counted. */
const maxShown = 40

/** The entries themselves first, then what belongs to them. */
const fileOrder = [...subRegistryNames, 'dashboard', 'hyper'] as const

/**
 * The difference between two contents of a home for people: by file, each member that changes with its path and its texts
 * before (-) and after (+).
 */
export function renderDifference(
  before: HomeContent,
  after: ReadonlyMap<RegistryName, string>,
  style: Style,
): string {
  const files = fileOrder.flatMap(name => {
    const text = after.get(name)
    if (text === undefined) return []
    const changes = listMemberChanges(before.get(name) ?? '{}', text)
    return changes.length === 0 ? [] : [renderFile(name, changes, style)]
  })
  return files.join('\n')
}

function renderFile(name: RegistryName, changes: readonly MemberChange[], style: Style): string {
  const shown = changes.slice(0, maxShown).flatMap(change => renderChange(change, style))
  const rest = changes.length - maxShown
  const more = rest > 0 ? [style.dim(`  … and ${renderCount(rest, 'more change')}`)] : []
  return [style.bold(registryFiles[name]), ...shown, ...more].join('\n')
}

function renderChange(change: MemberChange, style: Style): string[] {
  const { path, before, after } = change
  const items = listItemChanges(change)
  const place = items === undefined ? path.slice(0, -1) : path
  const [gone, come] = items ?? [[before], [after]]
  return [
    ...(place.length === 0 ? [] : [style.dim(`  ${toVisible(place.join(' › '))}`)]),
    ...gone.flatMap(text => toLines('-', text)).map(line => style.red(line)),
    ...come.flatMap(text => toLines('+', text)).map(line => style.green(line)),
  ]
}

/** The items that a list loses and gets. Undefined of anything else, and where only their order changes. */
function listItemChanges({ before, after }: MemberChange): readonly [string[], string[]] | undefined {
  const [old, current] = [before, after].map(text => text && toMemberValue(text))
  if (!Array.isArray(old) || !Array.isArray(current)) return undefined
  const [left, right] = [old, current].map(items => items.map(item => JSON.stringify(item)))
  const [gone, come] = [without(left, right), without(right, left)]
  return gone.length + come.length === 0 ? undefined : [gone, come]
}

function without(items: readonly string[] = [], others: readonly string[] = []): string[] {
  const known = new Set(others)
  return items.filter(item => !known.has(item))
}

/** Lines of a member, without the indentation that it has in its file. */
function toLines(sign: string, text: string | undefined): string[] {
  if (text === undefined) return []
  const lines = text.split(/\r?\n/)
  const indents = lines.slice(1).map(line => line.length - line.trimStart().length)
  const indent = Math.min(...indents)
  return lines.map((line, index) => toVisible(`  ${sign} ${index === 0 ? line : line.slice(indent)}`))
}
