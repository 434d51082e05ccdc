import {
  findUnresolved,
  listDashboardTools,
  listItems,
  listReadEntries,
  listRequirements,
  type Reference,
} from '../references.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const unknownDependency: Rule = {
  id: 'unknown-dependency',
  severity: 'error',
  summary: 'an entry needs something that nothing is called and nothing provides',
  check: context =>
    findUnresolved(
      [...toolReferences(context), ...listRequirements(context.snapshot), ...dashboardReferences(context)],
      context,
    ),
}

function toolReferences({ snapshot }: RuleContext): Reference[] {
  return listReadEntries(snapshot, 'tools').flatMap(([id, { dependency }]) =>
    listItems(dependency).map(({ item: name, index }) => ({
      registry: 'tools',
      path: [id, 'dependency', index],
      name,
    })),
  )
}

function dashboardReferences({ snapshot }: RuleContext): Reference[] {
  return listDashboardTools(snapshot).flatMap(([id, { dependency }]) =>
    listItems(dependency).map(({ item: name, index }) => ({
      registry: 'dashboard',
      path: ['sections', 'tools', 'entries', id, 'dependency', index],
      name,
    })),
  )
}
