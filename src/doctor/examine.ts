import { errorMessage, NexusError } from '../lib/errors.ts'
import type { HealthFinding, HealthReport } from '../sync/health.ts'
import type { Check, CheckContext } from './check.ts'
import { checks } from './checks/index.ts'

/** Looks at the installation: what is in order, what is not, and what to do about it. Changes nothing. */
export async function examine(context: CheckContext): Promise<HealthReport> {
  const answers = await Promise.all(
    checks.map(async check => [check.name, await runCheck(check, context)] as const),
  )
  const findings = answers.flatMap(([check, found]) => found.map(finding => ({ check, ...finding })))
  return { healthy: findings.every(({ status }) => status !== 'error'), findings }
}

// A look that fails is a finding, and the others go on.
async function runCheck(check: Check, context: CheckContext): Promise<readonly HealthFinding[]> {
  try {
    return await check.run(context)
  } catch (error) {
    const hint = error instanceof NexusError ? (error.hint ?? null) : null
    return [{ status: 'error', message: errorMessage(error), hint }]
  }
}
