import { paintStatus, type Style } from '../lib/terminal/style.ts'
import type { TableOptions } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { formatAge, renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Cause, Explanation, RootCause, ToolSearch, Unusable } from './readiness.ts'

export interface ExplanationView {
  readonly explanation: Explanation
  readonly search: ToolSearch | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Whether a thing can be used, the causes when it cannot, the evidence, and what depends on it. */
export function renderExplanation(
  { explanation, search, now }: ExplanationView,
  { style, width }: TableOptions,
): string {
  const { ref, status, causes, dependents, warnings } = explanation
  const facts: Fact[] = [
    ...(search ? listFacts(search, now) : []),
    ['needed by', dependents.length > 0 ? listRefs(dependents) : null],
  ]
  return [
    ...[
      renderReadiness(ref, status, style),
      ...renderCauses(causes, style),
      ...warnings.map(warning => `  ${style.yellow('!')} ${toVisibleLine(warning)}`),
    ].map(line => wrapWords(line, width)),
    ...facts.flatMap(([name, text]) =>
      text === null ? [] : [wrapWords(`  ${style.dim(name)} ${text}`, width, name.length + 3)],
    ),
  ].join('\n')
}

type Fact = readonly [name: string, text: string | null]

function listFacts({ detected, hidden, passedOver }: ToolSearch, now: number): Fact[] {
  const { path, version, evidence, checked_at: checkedAt } = detected
  const facts: Fact[] = [
    ['path', path],
    ['version', version],
    ['known by', evidence],
    ['detected', formatAge(now - Date.parse(checkedAt))],
    ...hidden.map((other): Fact => ['hidden', other]),
    ...passedOver.map(({ path: other, why }): Fact => ['passed over', `${other}: it ${why}`]),
  ]
  return facts.map(([name, text]) => [name, text === null ? null : toVisibleLine(text)])
}

/** Each cause, and below it the fix. Neighbours with the same text are grouped. */
function renderCauses(causes: readonly Cause[], style: Style): string[] {
  const groups: Cause[][] = []
  for (const cause of causes) {
    const group = groups.at(-1)
    if (group?.[0] && hasSameText(group[0], cause)) group.push(cause)
    else groups.push([cause])
  }
  return groups.flatMap(group => renderGroup(group, style))
}

function hasSameText(left: Cause, right: Cause): boolean {
  return left.status === right.status && left.reason === right.reason && left.hint === right.hint
}

function renderGroup(causes: readonly Cause[], style: Style): string[] {
  const [first] = causes
  if (first === undefined) return []
  const symbol = first.status === 'unknown' ? style.yellow('?') : style.red('✗')
  const refs = listRefs(causes.map(({ ref }) => ref))
  return [
    `  ${symbol} ${style.bold(refs)}: ${toVisibleLine(first.reason)}`,
    `    ${style.cyan('fix:')} ${toVisibleLine(first.hint)}`,
  ]
}

/** The first line: the ref and its status. */
function renderReadiness(ref: string, status: string, style: Style): string {
  return `${style.bold(toVisibleLine(ref))} is ${status === 'not ready' ? style.red(status) : paintStatus(status, style)}`
}

/** Further refs are only counted. */
const maxRefs = 8

/** Refs on one line; only the first ones of many. */
function listRefs(refs: readonly string[]): string {
  const shown = refs.slice(0, maxRefs).map(toVisibleLine).join(', ')
  return refs.length > maxRefs ? `${shown} and ${renderCount(refs.length - maxRefs, 'other')}` : shown
}

/** Everything that cannot be used: the causes that block most first, then what waits for what. */
export function renderUnusable({ causes, unusable }: Unusable, { style, width }: TableOptions): string {
  if (unusable.length === 0) return style.green('Everything can be used here.')
  const blocking = causes.flatMap(cause => [...renderCauses([cause], style), ...renderBlocks(cause, style)])
  const counted = `${renderCount(unusable.length, 'thing')} cannot be used here, for ${renderCount(causes.length, 'cause')}`
  const lines = [style.bold(counted), ...blocking].map(line => wrapWords(line, width))
  return [...lines, ...renderWaiting(unusable, { style, width })].join('\n')
}

function renderBlocks({ blocks }: RootCause, style: Style): string[] {
  return blocks.length === 0 ? [] : [`    ${style.dim(`blocks ${blocks.length}:`)} ${listRefs(blocks)}`]
}

/** Things that wait for other things, grouped by what they wait for. */
function renderWaiting(unusable: readonly Explanation[], { style, width }: TableOptions): string[] {
  const groups = new Map<string, string[]>()
  for (const { ref, causes } of unusable) {
    const others = causes.filter(cause => cause.ref !== ref).map(cause => cause.ref)
    if (others.length === 0) continue
    const awaited = listRefs(others.toSorted())
    groups.set(awaited, [...(groups.get(awaited) ?? []), ref])
  }
  const lines = [...groups].map(([awaited, refs]) =>
    wrapWords(`  ${style.dim(awaited)} → ${listRefs(refs)}`, width, 4),
  )
  return lines.length === 0 ? [] : ['', style.bold('What waits for what'), ...lines]
}
