import type { Readiness } from '../graph/graph.ts'
import type { SummaryOptions } from '../lib/terminal/signs.ts'
import { paintStatus, type Style } from '../lib/terminal/style.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { formatAge, renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { listAcceleratorFacts } from './accelerators.ts'
import { listFitFacts, type ModelFit } from './model-fit.ts'
import {
  type Cause,
  describeFix,
  type Explanation,
  type PlatformPath,
  type Problem,
  type ReadinessFix,
  type ReadinessOverview,
  type RetiringModel,
  type SecondaryVariable,
  type ToolSearch,
} from './readiness.ts'

export interface ExplanationView {
  readonly explanation: Explanation
  readonly search: ToolSearch | undefined
  /** Further facts, each with its name. */
  readonly facts?: readonly Fact[]
  readonly fit?: ModelFit | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Whether a thing can be used, the causes when it cannot, the evidence, and what depends on it. */
export function renderExplanation(
  { explanation, search, facts: others = [], fit, now }: ExplanationView,
  options: SummaryOptions,
): string {
  const { style, width } = options
  const {
    ref,
    status,
    causes,
    dependents,
    warnings,
    via_platform: path,
    secondary_vars: variables,
  } = explanation
  const shown = [...causes.map(({ fix }) => describeFix(fix)), ...warnings]
  const facts: Fact[] = [
    ...(search ? listFacts(search, now) : []),
    ...(search ? listAcceleratorFacts(search.detected, shown).map(toVisibleFact) : []),
    ...(variables ?? []).map((variable): Fact => [toVisibleLine(variable.name), describeVariable(variable)]),
    ...others.map(([name, text]): Fact => [name, text === null ? null : toVisibleLine(text)]),
    ...(fit ? listFitFacts(fit).map(toVisibleFact) : []),
    ['needed by', dependents.length > 0 ? listRefs(dependents) : null],
  ]
  return [
    ...[
      renderReadiness(ref, status, style),
      ...renderCauses(causes, options),
      ...warnings.map(warning => `  ${style.yellow('!')} ${toVisibleLine(warning)}`),
      ...(path ? renderPath(path, causes, options) : []),
    ].map(line => wrapText(line, width)),
    ...facts.flatMap(([name, text]) =>
      text === null ? [] : [wrapWords(`  ${style.dim(name)} ${text}`, width, name.length + 3)],
    ),
  ].join('\n')
}

/** A line of an explanation; none without a text. */
export type Fact = readonly [name: string, text: string | null]

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
  return facts.map(toVisibleFact)
}

function toVisibleFact([name, text]: Fact): Fact {
  return [name, text === null ? null : toVisibleLine(text)]
}

function describeVariable({ is_set: isSet, value }: SecondaryVariable): string {
  if (!isSet) return 'not set'
  return value === null ? 'set' : `set to ${toVisibleLine(value)}`
}

/** The path through the platform on one line; causes only where it is set up, and those of the model not again. */
function renderPath(
  { status, causes }: PlatformPath,
  own: readonly Cause[],
  options: SummaryOptions,
): string[] {
  const known = own.map(toText)
  const others = status === 'not ready' ? causes.filter(cause => !known.includes(toText(cause))) : []
  return [
    `  ${options.style.dim('through the platform')} ${paintReadiness(status, options.style)}`,
    ...renderCauses(others, options),
  ]
}

function toText({ ref, reason }: Cause): string {
  return `${ref}\0${reason}`
}

/** Each cause, and below it the fix. Neighbours with the same text are grouped. */
function renderCauses(causes: readonly Cause[], options: SummaryOptions): string[] {
  const groups: Cause[][] = []
  for (const cause of causes) {
    const group = groups.at(-1)
    if (group?.[0] && hasSameText(group[0], cause)) group.push(cause)
    else groups.push([cause])
  }
  return groups.flatMap(group => renderGroup(group, options))
}

function hasSameText(left: Cause, right: Cause): boolean {
  return (
    left.status === right.status &&
    left.reason === right.reason &&
    describeFix(left.fix) === describeFix(right.fix)
  )
}

function renderGroup(causes: readonly Cause[], { style, signs }: SummaryOptions): string[] {
  const [first] = causes
  if (first === undefined) return []
  const symbol = {
    unknown: style.yellow('?'),
    'not ready': style.red(signs.bad),
    'not set up': style.dim(signs.none),
  }[first.status]
  const refs = listRefs(causes.map(({ ref }) => ref))
  return [`  ${symbol} ${style.bold(refs)}: ${toVisibleLine(first.reason)}`, ...renderFix(first.fix, style)]
}

/** A sentence, and the command that does it on a line of its own: it can be copied as a whole. */
function renderFix({ text, command }: ReadinessFix, style: Style): string[] {
  if (command === null) return [`    ${toVisibleLine(text)}`]
  return [`    ${toVisibleLine(text)}:`, `${commandStart}${style.cyan(toVisibleLine(command))}`]
}

const commandStart = '    $ '

/** Wraps a line; a command stays on its own. */
function wrapText(line: string, width: number | undefined): string {
  return line.startsWith(commandStart) ? line : wrapWords(line, width)
}

/** The first line: the ref and its status. */
function renderReadiness(ref: string, status: Readiness, style: Style): string {
  return `${style.bold(toVisibleLine(ref))} is ${paintReadiness(status, style)}`
}

function paintReadiness(status: Readiness, style: Style): string {
  if (status === 'not set up') return style.dim(status)
  return status === 'not ready' ? style.red(status) : paintStatus(status, style)
}

/** Further refs are only counted. */
const maxRefs = 8

/** Refs on one line; only the first ones of many. */
function listRefs(refs: readonly string[]): string {
  const shown = refs.slice(0, maxRefs).map(toVisibleLine).join(', ')
  return refs.length > maxRefs ? `${shown} and ${renderCount(refs.length - maxRefs, 'other')}` : shown
}

interface OverviewOptions extends SummaryOptions {
  /** Whether tools that are not installed are listed. */
  readonly listsAbsent: boolean
  /** Refs of providers that are local runtimes: they are counted by themselves. */
  readonly localRuntimes: ReadonlySet<string>
}

/** Problems first, each with its fix and what it blocks; then a line for all that is neutral. */
export function renderOverview(overview: ReadinessOverview, options: OverviewOptions): string {
  const { style, signs, width, listsAbsent, localRuntimes } = options
  const { problems, unknown, not_set_up: notSetUp, absent, retiring } = overview
  const heading =
    problems.length === 0
      ? style.green('No problems: all that is set up here works.')
      : style.bold(`${renderCount(problems.length, 'problem')}`)
  const lines = [
    heading,
    ...problems.flatMap(problem => [...renderCauses([problem], options), ...renderBlocks(problem, style)]),
    ...renderCauses(
      unknown.map(each => ({ ...each, status: 'unknown' as const })),
      options,
    ),
    ...retiring.map(each => renderRetiring(each, style)),
    ...(listsAbsent ? absent.map(each => `  ${style.dim(signs.none)} ${renderAbsent(each, style)}`) : []),
    ...renderNeutral(notSetUp, localRuntimes),
    ...(absent.length > 0 && !listsAbsent
      ? [
          `${renderCount(absent.length, 'known tool')} ${absent.length === 1 ? 'is' : 'are'} not installed: nexus-registry explain --absent lists them`,
        ]
      : []),
  ]
  return lines.map(line => wrapText(line, width)).join('\n')
}

function renderBlocks({ blocks }: Problem, style: Style): string[] {
  return blocks.length === 0 ? [] : [`    ${style.dim(`blocks ${blocks.length}:`)} ${listRefs(blocks)}`]
}

function renderRetiring({ ref, retires_on: end, successor }: RetiringModel, style: Style): string {
  const next = successor === null ? '' : `: use ${successor}`
  return `  ${style.yellow('!')} ${style.bold(toVisibleLine(ref))} retires on ${end}${toVisibleLine(next)}`
}

function renderAbsent({ ref, fix }: ReadinessOverview['absent'][number], style: Style): string {
  return `${style.bold(toVisibleLine(ref))} ${toVisibleLine(describeFix(fix))}`
}

/** What was never set up, counted: `Not set up: 6 providers (25 models), 18 local runtimes, 5 services`. */
function renderNeutral(
  notSetUp: ReadinessOverview['not_set_up'],
  localRuntimes: ReadonlySet<string>,
): string[] {
  const nounOf = (ref: string) =>
    localRuntimes.has(ref) ? 'local runtime' : neutralKinds[ref.slice(0, ref.indexOf('/'))]
  const kinds = neutralNouns.flatMap(noun => {
    const found = notSetUp.filter(({ ref }) => nounOf(ref) === noun)
    const models = found.reduce((sum, each) => sum + (each.models ?? 0), 0)
    if (found.length === 0) return []
    return [`${renderCount(found.length, noun)}${models > 0 ? ` (${renderCount(models, 'model')})` : ''}`]
  })
  return kinds.length === 0 ? [] : [`Not set up: ${kinds.join(', ')}`]
}

const neutralKinds: Readonly<Record<string, string>> = {
  providers: 'provider',
  microservices: 'service',
  adapters: 'adapter',
  plugins: 'plug-in',
}

const neutralNouns = ['provider', 'local runtime', 'service', 'adapter', 'plug-in'] as const
