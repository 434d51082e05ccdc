import { listItems, listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const providerMismatch: Rule = {
  id: 'provider-mismatch',
  severity: 'warning',
  summary: 'a model and a provider do not agree on whether they belong together',
  check: context => [...findForeignModels(context), ...findUnlistedModels(context)],
}

function findForeignModels({ snapshot, known }: RuleContext): Violation[] {
  const models = new Map(listReadEntries(snapshot, 'models'))
  return listReadEntries(snapshot, 'providers').flatMap(([id, provider]) =>
    listItems(provider.models).flatMap(({ item: name, index }): Violation[] => {
      const owner = models.get(name)?.provider
      if (owner === undefined || owner === id || !known.mayExist('providers', owner)) return []
      const message = `${JSON.stringify(name)} says that its provider is ${JSON.stringify(owner)}`
      const hint = `List it under ${JSON.stringify(owner)}, or change its provider`
      return [{ registry: 'providers', path: [id, 'models', index], message, hint }]
    }),
  )
}

function findUnlistedModels({ snapshot }: RuleContext): Violation[] {
  const providers = listReadEntries(snapshot, 'providers')
  const listed = new Map(
    // A list in which something is broken may mean this model.
    providers.flatMap(([id, { models }]) => (isWhole(models) ? [[id, new Set(models)] as const] : [])),
  )
  return listReadEntries(snapshot, 'models').flatMap(([id, { provider, aliases = [] }]): Violation[] => {
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
