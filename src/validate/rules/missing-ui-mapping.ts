import { detectedRegistryNames } from '../../registry/schema/names.ts'
import { listDashboardProviders, listDashboardTools, listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const missingUiMapping: Rule = {
  id: 'missing-ui-mapping',
  severity: 'warning',
  summary: 'a tool, ML framework or provider has no entry in dashboard_registry.json',
  check: context => {
    return [
      ...findUnmapped(context, { registries: detectedRegistryNames, section: 'tools' }),
      ...findUnmapped(context, { registries: ['providers'], section: 'providers' }),
    ]
  },
}

interface Mapping {
  readonly registries: readonly ('tools' | 'ml_frameworks' | 'providers')[]
  readonly section: 'tools' | 'providers'
}

function findUnmapped({ snapshot }: RuleContext, { registries, section }: Mapping): Violation[] {
  if (snapshot.readable.dashboard?.sections?.[section]?.entries === undefined) return []
  const entries = section === 'tools' ? listDashboardTools(snapshot) : listDashboardProviders(snapshot)
  const mapped = new Set(entries.map(([id]) => id))
  return registries.flatMap(registry =>
    listReadEntries(snapshot, registry)
      .filter(([id]) => !mapped.has(id))
      .map(([id]) => ({
        registry,
        path: [id],
        isAboutKey: true,
        message: 'the dashboard does not show it',
        hint: `Add ${JSON.stringify(id)} to sections.${section}.entries of dashboard_registry.json`,
      })),
  )
}
