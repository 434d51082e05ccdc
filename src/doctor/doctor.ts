import { errorMessage, NexusError } from '../lib/errors.ts'
import type { Style } from '../lib/terminal/style.ts'
import type { TableOptions } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { HealthFinding, HealthReport } from '../sync/health.ts'
import type { Check, CheckContext } from './check.ts'
import { configCheck } from './checks/config.ts'
import { directoriesCheck } from './checks/directories.ts'
import { homeCheck } from './checks/home.ts'
import { installationCheck } from './checks/installation.ts'
import { lockCheck } from './checks/lock.ts'
import { pathCheck } from './checks/path.ts'
import { pythonCheck } from './checks/python.ts'
import { shellCheck } from './checks/shell.ts'
import { syncCheck } from './checks/sync.ts'
import { tokensCheck } from './checks/tokens.ts'

/** All checks, in the order of the output. */
export const checks: readonly Check[] = [
  installationCheck,
  configCheck,
  homeCheck,
  syncCheck,
  lockCheck,
  tokensCheck,
  directoriesCheck,
  pythonCheck,
  pathCheck,
  shellCheck,
]

/** Runs all checks of the installation. Changes nothing. */
export async function examine(context: CheckContext): Promise<HealthReport> {
  const results = await Promise.all(
    checks.map(async check => [check.name, await runCheck(check, context)] as const),
  )
  const findings = results.flatMap(([check, found]) => found.map(finding => ({ check, ...finding })))
  return { healthy: findings.every(({ status }) => status !== 'error'), findings }
}

// A check that throws becomes a finding; the others continue.
async function runCheck(check: Check, context: CheckContext): Promise<readonly HealthFinding[]> {
  try {
    return await check.run(context)
  } catch (error) {
    const hint = error instanceof NexusError ? (error.hint ?? null) : null
    return [{ status: 'error', message: errorMessage(error), hint }]
  }
}

/** Renders findings, one per line, grouped by check. */
export function renderHealth({ findings }: HealthReport, { style, width }: TableOptions): string {
  const names = [...new Set(findings.map(({ check }) => check))]
  const sections = names.map(name => {
    const own = findings.filter(({ check }) => check === name)
    return [style.bold(name), ...own.flatMap(finding => renderFinding(finding, style))].join('\n')
  })
  return wrapWords(sections.join('\n\n'), width)
}

function renderFinding({ status, message, hint }: HealthFinding, style: Style): string[] {
  const line = `  ${toSymbol(status, style)} ${indent(toVisible(message))}`
  return hint === null ? [line] : [line, `    ${style.dim(indent(toVisible(hint)))}`]
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n    ')
}

function toSymbol(status: HealthFinding['status'], style: Style): string {
  switch (status) {
    case 'ok':
      return style.green('✓')
    case 'note':
      return style.dim('·')
    case 'warning':
      return style.yellow('!')
    case 'error':
      return style.red('✗')
  }
}
