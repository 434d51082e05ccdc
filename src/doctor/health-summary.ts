import { paintSign, type StateSign, type SummaryOptions } from '../lib/terminal/signs.ts'
import { narrowColumns } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisible, toVisibleLine } from '../lib/text/visible.ts'
import type { HealthFinding, HealthReport } from '../sync/health.ts'

interface HealthSummaryOptions extends SummaryOptions {
  readonly userHome: string | undefined
}

const signs: Readonly<Record<HealthFinding['status'], StateSign>> = {
  ok: 'good',
  note: 'none',
  warning: 'warn',
  error: 'bad',
}

/** What `doctor` found, for a terminal: the verdict, then what is wrong with its fix; what is in order is one line. */
export function renderHealthSummary({ findings }: HealthReport, options: HealthSummaryOptions): string {
  const { style, width } = options
  const of = (status: HealthFinding['status']) => findings.filter(finding => finding.status === status)
  const [errors, warnings, notes] = [of('error'), of('warning'), of('note')]
  const verdict = errors.length > 0 ? 'error' : warnings.length > 0 ? 'warning' : 'ok'
  const sections = [
    [`${paintSign(signs[verdict], options)} ${style.bold(describeHealth(errors.length, warnings.length))}`],
    [...errors, ...warnings].flatMap(finding => renderFinding(finding, options)),
    notes.flatMap(finding => renderFinding(finding, options)),
    [...renderOrder(findings, options), style.dim('every check: nexus-registry doctor --all')],
  ]
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.map(line => (isCommand(line) ? line : wrapWords(line, width))).join('\n'))
    .join('\n\n')
}

/** `everything is in order`, `2 problems, 1 warning`. */
function describeHealth(errors: number, warnings: number): string {
  const parts = [
    ...(errors > 0 ? [renderCount(errors, 'problem')] : []),
    ...(warnings > 0 ? [renderCount(warnings, 'warning')] : []),
  ]
  return parts.length === 0 ? 'everything is in order' : parts.join(', ')
}

/** Marks a command until it is printed: it is never broken, so that it can be copied. */
const commandMark = '$ '

function isCommand(line: string): boolean {
  return line.trimStart().startsWith(commandMark)
}

function renderFinding({ status, message, hint }: HealthFinding, options: HealthSummaryOptions): string[] {
  const { style, width, userHome } = options
  const { text, command } = splitHint(hint ?? '')
  const shown = toVisible(shortenPaths(message, userHome)).split('\n')
  const indent = (width ?? Number.POSITIVE_INFINITY) < narrowColumns ? '' : '  '
  return [
    ...shown.map((line, index) =>
      index === 0 ? `${paintSign(signs[status], options)} ${line}` : `  ${line}`,
    ),
    ...(text === '' ? [] : [`  ${style.dim(toVisibleLine(shortenPaths(text, userHome)))}`]),
    ...(command === undefined ? [] : [`${indent}${commandMark}${style.cyan(toVisibleLine(command))}`]),
  ]
}

/** Names of the checks that found nothing but what is in order. */
function renderOrder(findings: HealthReport['findings'], options: HealthSummaryOptions): string[] {
  const names = [...new Set(findings.map(({ check }) => check))]
  const well = names.filter(name => findings.every(({ check, status }) => check !== name || status === 'ok'))
  if (well.length === 0) return []
  const verb = well.length === 1 ? 'check is' : 'checks are'
  return [`${paintSign('good', options)} ${well.length} ${verb} in order: ${well.join(', ')}`]
}

const command =
  /^(?:(?<text>.+): |Run )?(?<command>(?:nexus-registry|chmod)(?: (?:[a-z+-]+|-{1,2}[\w-]+|[0-7]{3}|'[^']*'|\S*\/\S*))+?)(?: (?:shows|restores) it)?$/

/** A hint in its words and its command; without one where it is no line that a shell takes as it is. */
export function splitHint(hint: string): { readonly text: string; readonly command: string | undefined } {
  const found = command.exec(hint)?.groups
  if (found === undefined) return { text: hint, command: undefined }
  return { text: found.text ?? '', command: found.command }
}

/** Paths in a sentence, with `~` for the home directory of the user. */
function shortenPaths(text: string, userHome: string | undefined): string {
  if (userHome === undefined || userHome === '/') return text
  return text
    .split(userHome)
    .reduce((left, right) =>
      /(?:^|[\s'":(=])$/.test(left) && /^(?:\/|$|[\s'":),])/.test(right)
        ? `${left}~${right}`
        : `${left}${userHome}${right}`,
    )
}
