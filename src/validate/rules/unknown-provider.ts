import { findUnknown, listReadEntries, type Reference } from '../references.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const unknownProvider: Rule = {
  id: 'unknown-provider',
  severity: 'error',
  summary: 'a model or adapter names a provider that does not exist',
  check: context =>
    findUnknown([...modelReferences(context), ...adapterReferences(context)], 'providers', context),
}

function modelReferences({ snapshot }: RuleContext): Reference[] {
  return listReadEntries(snapshot, 'models').flatMap(([id, { provider }]) =>
    provider === undefined ? [] : [{ registry: 'models', path: [id, 'provider'], name: provider }],
  )
}

function adapterReferences({ snapshot }: RuleContext): Reference[] {
  return listReadEntries(snapshot, 'adapters').flatMap(([id, { provider }]) =>
    provider === undefined ? [] : [{ registry: 'adapters', path: [id, 'provider'], name: provider }],
  )
}
