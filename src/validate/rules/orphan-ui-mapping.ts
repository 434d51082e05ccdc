import { detectedRegistryNames, registryFiles } from '../../registry/schema/names.ts'
import { listDashboardProviders, listDashboardTools } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const orphanUiMapping: Rule = {
  id: 'orphan-ui-mapping',
  severity: 'error',
  summary: 'the dashboard shows a tool, ML framework or provider that does not exist',
  check: context => [
    ...findOrphans(context, {
      section: 'tools',
      ids: listDashboardTools(context.snapshot).map(([id]) => id),
      registries: detectedRegistryNames,
      noun: 'tool or ML framework',
    }),
    ...findOrphans(context, {
      section: 'providers',
      ids: listDashboardProviders(context.snapshot).map(([id]) => id),
      registries: ['providers'],
      noun: 'provider',
    }),
  ],
}

interface Mapping {
  readonly section: 'tools' | 'providers'
  readonly ids: readonly string[]
  readonly registries: readonly ('tools' | 'ml_frameworks' | 'providers')[]
  readonly noun: string
}

function findOrphans({ known, suggest }: RuleContext, mapping: Mapping): Violation[] {
  const { section, ids, registries, noun } = mapping
  const files = registries.map(name => registryFiles[name]).join(' or ')
  return ids
    .filter(id => registries.every(name => !known.mayExist(name, id)))
    .map(id => ({
      registry: 'dashboard',
      path: ['sections', section, 'entries', id],
      isAboutKey: true,
      message: `there is no ${noun} ${JSON.stringify(id)}`,
      hint: suggest(id, allIds(known, registries)) ?? `Add it to ${files}, or remove it here`,
    }))
}

function allIds(known: RuleContext['known'], registries: Mapping['registries']): string[] {
  return registries.flatMap(name => [...known.ids(name)])
}
