import { listDashboardMetrics, listDashboardTools } from '../entries.ts'
import type { Finding, Rule } from '../rule.ts'

export const unknownMetric: Rule = {
  id: 'unknown-metric',
  severity: 'error',
  summary: 'a dashboard entry shows a metric that sections.metrics does not have',
  check: ({ snapshot, suggest }) => {
    const broken = snapshot.registries.dashboard.quarantined.flatMap(pointer => pointer.split('/').slice(-1))
    const known = new Set([...listDashboardMetrics(snapshot).map(({ id }) => id), ...broken])
    return listDashboardTools(snapshot).flatMap(([id, { metrics = [] }]) =>
      metrics.flatMap((name, index): Finding[] => {
        if (known.has(name)) return []
        const path = ['sections', 'tools', 'entries', id, 'metrics', index]
        const message = `there is no metric ${JSON.stringify(name)}`
        const hint = suggest(name, known) ?? 'Add it to sections.metrics, or remove it here'
        return [{ registry: 'dashboard', path, message, hint }]
      }),
    )
  },
}
