import { listDashboardMetrics, listDashboardTools, listItems } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const unknownMetric: Rule = {
  id: 'unknown-metric',
  severity: 'error',
  summary: 'a dashboard entry shows a metric that sections.metrics does not have',
  check: ({ snapshot, suggest }) => {
    const known = new Set(listDashboardMetrics(snapshot).map(({ id }) => id))
    const isKnown = areMetricsRead(snapshot)
    return listDashboardTools(snapshot).flatMap(([id, { metrics }]) =>
      listItems(metrics).flatMap(({ item: name, index }): Violation[] => {
        if (known.has(name) || !isKnown) return []
        const path = ['sections', 'tools', 'entries', id, 'metrics', index]
        const message = `there is no metric ${JSON.stringify(name)}`
        const hint = suggest(name, known) ?? 'Add it to sections.metrics, or remove it here'
        return [{ registry: 'dashboard', path, message, hint }]
      }),
    )
  },
}

// A group that is there and is none may hold anything.
function areMetricsRead({ registries, readable }: RuleContext['snapshot']): boolean {
  const isBroken = registries.dashboard.diagnostics.some(({ pointer }) =>
    ['/sections/metrics', '/sections/metrics/system', '/sections/metrics/orchestrator'].includes(pointer),
  )
  return readable.dashboard?.sections !== undefined && !isBroken
}
