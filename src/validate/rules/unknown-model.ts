import {
  findUnknown,
  listDisplayedModels,
  listItems,
  listReadEntries,
  type Reference,
} from '../references.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const unknownModel: Rule = {
  id: 'unknown-model',
  severity: 'error',
  summary: 'a provider or its dashboard card names a model that does not exist',
  check: context =>
    findUnknown(
      [...providerReferences(context), ...listDisplayedModels(context.snapshot)],
      'models',
      context,
    ),
}

function providerReferences({ snapshot }: RuleContext): Reference[] {
  return listReadEntries(snapshot, 'providers').flatMap(([id, { models }]) =>
    listItems(models).map(({ item: name, index }) => ({
      registry: 'providers',
      path: [id, 'models', index],
      name,
    })),
  )
}
