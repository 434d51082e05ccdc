import { listEntries, listItems } from '../references.ts'
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
    listItems(provider.models).flatMap(({ item: name, index }): Finding[] => {
      const owner = models.get(name)?.provider
      if (owner === undefined || owner === id || !known.mayExist('providers', owner)) return []
      const message = `${JSON.stringify(name)} says that its provider is ${JSON.stringify(owner)}`
      const hint = `List it under ${JSON.stringify(owner)}, or change its provider`
      return [{ registry: 'providers', path: [id, 'models', index], message, hint }]
    }),
  )
}

function findUnlistedModels({ snapshot }: RuleContext): Finding[] {
  const providers = listEntries(snapshot, 'providers')
  const listed = new Map(
    // A list in which something is broken may mean this model.
    providers.flatMap(([id, { models }]) => (isWhole(models) ? [[id, new Set(models)] as const] : [])),
  )
  return listEntries(snapshot, 'models').flatMap(([id, { provider, aliases = [] }]): Finding[] => {
    const models = provider === undefined ? undefined : listed.get(provider)
    if (models === undefined || [id, ...aliases].some(name => models.has(name))) return []
    const message = `${JSON.stringify(provider)} does not list this model`
    const hint = `Add ${JSON.stringify(id)} to "models" of ${JSON.stringify(provider)}`
    return [{ registry: 'models', path: [id, 'provider'], message, hint }]
  })
}

function isWhole(models: readonly (string | undefined)[] | undefined): boolean {
  return models?.every(name => name !== undefined) ?? false
}
