import { listEntries } from '../entries.ts'
import { findUnknown, type Reference } from '../references.ts'
import type { Finding, Rule, RuleContext } from '../rule.ts'

export const unknownProvider: Rule = {
  id: 'unknown-provider',
  severity: 'error',
  summary:
    'a model or adapter names a provider that does not exist, or an adapter of one provider names none',
  check: context => [
    ...findUnknown([...modelReferences(context), ...adapterReferences(context)], 'providers', context),
    ...findNamelessAdapters(context),
  ],
}

function modelReferences({ snapshot }: RuleContext): Reference[] {
  return listEntries(snapshot, 'models').map(([id, { provider }]) => ({
    registry: 'models',
    path: [id, 'provider'],
    name: provider,
  }))
}

function adapterReferences({ snapshot }: RuleContext): Reference[] {
  return listEntries(snapshot, 'adapters').flatMap(([id, { provider }]) =>
    provider === undefined ? [] : [{ registry: 'adapters', path: [id, 'provider'], name: provider }],
  )
}

function findNamelessAdapters({ snapshot }: RuleContext): Finding[] {
  return listEntries(snapshot, 'adapters')
    .filter(([, { type, provider }]) => type === 'provider_adapter' && provider === undefined)
    .map(([id]) => ({
      registry: 'adapters',
      path: [id, 'type'],
      message: 'a provider_adapter must name its provider',
      hint: 'Add "provider" with the id of a provider',
    }))
}
