import { entriesOf } from '../../../core/snapshot.ts'
import { listEntries } from '../entries.ts'
import type { Finding, Rule, RuleContext } from '../rule.ts'

export const providerMismatch: Rule = {
  id: 'provider-mismatch',
  severity: 'warning',
  summary: 'a model and a provider do not agree on whether they belong together',
  check: context => [...findForeignModels(context), ...findUnlistedModels(context)],
}

function findForeignModels({ snapshot, known }: RuleContext): Finding[] {
  const models = new Map(listEntries(snapshot, 'models'))
  return listEntries(snapshot, 'providers').flatMap(([id, provider]) =>
    provider.models.flatMap((name, index): Finding[] => {
      const owner = models.get(name)?.provider
      if (owner === undefined || owner === id || !known.mayExist('providers', owner)) return []
      const message = `${JSON.stringify(name)} says that its provider is ${JSON.stringify(owner)}`
      const hint = `List it under ${JSON.stringify(owner)}, or change its provider`
      return [{ registry: 'providers', path: [id, 'models', index], message, hint }]
    }),
  )
}

function findUnlistedModels({ snapshot }: RuleContext): Finding[] {
  const providers = entriesOf(snapshot, 'providers')
  const listed = new Map(Object.entries(providers).map(([id, { models }]) => [id, new Set(models)]))
  return listEntries(snapshot, 'models')
    .filter(([id, { provider, aliases = [] }]) => {
      const models = listed.get(provider)
      return models !== undefined && ![id, ...aliases].some(name => models.has(name))
    })
    .map(([id, { provider }]) => ({
      registry: 'models',
      path: [id, 'provider'],
      message: `${JSON.stringify(provider)} does not list this model`,
      hint: `Add ${JSON.stringify(id)} to "models" of ${JSON.stringify(provider)}`,
    }))
}
