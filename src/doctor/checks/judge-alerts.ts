import type { AlertsConfig } from '../../config/config.ts'
import { describeAge } from '../../lib/text/age.ts'
import type { AlertChannel, AlertMemory } from '../../registry/schema/alert-memory.ts'
import type { HealthFinding } from '../../sync/health.ts'

/** Whether anybody is told when a registry cannot be used, and whether the last alert arrived. */
export function judgeAlerts(
  { webhook, command }: AlertsConfig,
  { deliveries }: AlertMemory,
  now: number,
): HealthFinding[] {
  const listeners: [AlertChannel, string][] = []
  // The rest of its address may be a secret.
  if (webhook !== undefined) listeners.push(['webhook', `the webhook at ${new URL(webhook).host}`])
  if (command !== undefined) listeners.push(['command', `the command ${command[0]}`])
  if (listeners.length === 0) return [nobody]
  return listeners.map(([channel, who]) => judgeListener(who, deliveries[channel], now))
}

const nobody: HealthFinding = {
  status: 'note',
  message: 'nobody is alerted when a registry cannot be used',
  hint: 'Name a webhook or a command as alerts in your configuration',
}

function judgeListener(who: string, last: AlertMemory['deliveries'][AlertChannel], now: number) {
  if (last === undefined)
    return { status: 'ok', message: `${who} is alerted, and there was no need yet`, hint: null } as const
  const when = describeAge(now - Date.parse(last.at))
  if (last.trouble === null)
    return { status: 'ok', message: `${who} took the last alert ${when}`, hint: null } as const
  const message = `the last alert, ${when}, did not arrive: ${last.trouble}`
  return { status: 'warning', message, hint: 'The next sync tries again: nexus-registry sync' } as const
}
