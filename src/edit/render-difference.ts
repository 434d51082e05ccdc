import { listMemberChanges, type MemberChange } from '../lib/json/member-changes.ts'
import type { Style } from '../lib/terminal/style.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { type RegistryName, registryFiles } from '../registry/schema/names.ts'

/** Changed members of one file that are shown in full. The others are counted. */
const maxShown = 40

/**
 * The difference between two contents of a home for people: by file, each member that changes with its path and its texts
 * before (-) and after (+).
 */
export function renderDifference(
  before: HomeContent,
  after: ReadonlyMap<RegistryName, string>,
  style: Style,
): string {
  const files = [...after].flatMap(([name, text]) => {
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

function renderChange({ path, before, after }: MemberChange, style: Style): string[] {
  const place = path.slice(0, -1)
  return [
    ...(place.length === 0 ? [] : [style.dim(`  ${toVisible(place.join(' › '))}`)]),
    ...toLines('-', before).map(style.red),
    ...toLines('+', after).map(style.green),
  ]
}

/** Lines of a member, without the indentation that it has in its file. */
function toLines(sign: string, text: string | undefined): string[] {
  if (text === undefined) return []
  const lines = text.split(/\r?\n/)
  const indents = lines.slice(1).map(line => line.length - line.trimStart().length)
  const indent = Math.min(...indents)
  return lines.map((line, index) => toVisible(`  ${sign} ${index === 0 ? line : line.slice(indent)}`))
}
