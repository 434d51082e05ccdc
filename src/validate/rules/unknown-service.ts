import { findUnknown, listDashboardMetrics, type Reference } from '../references.ts'
import type { Rule } from '../rule.ts'

export const unknownService: Rule = {
  id: 'unknown-service',
  severity: 'error',
  summary: 'a metric comes from a service that does not exist',
  check: context => {
    const references = listDashboardMetrics(context.snapshot).flatMap(
      ({ group, id, metric }): Reference[] => {
        const name = metric.source?.microservice
        if (name === undefined) return []
        const path = ['sections', 'metrics', group, id, 'source', 'microservice']
        return [{ registry: 'dashboard', path, name }]
      },
    )
    return findUnknown(references, 'microservices', context)
  },
}
