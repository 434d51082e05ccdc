import { listItems, listReadEntries } from '../references.ts'
import type { Rule, Violation } from '../rule.ts'

export const duplicateAlias: Rule = {
  id: 'duplicate-alias',
  severity: 'error',
  summary: 'an alias of a model means another model too, or stands there twice',
  check: ({ snapshot, known }) => {
    const owners = new Map<string, string>()
    return listReadEntries(snapshot, 'models').flatMap(([id, { aliases }]) =>
      listItems(aliases).flatMap(({ item: alias, index }): Violation[] => {
        const owner = known.ids('models').has(alias) ? alias : owners.get(alias)
        owners.set(alias, owner ?? id)
        if (owner === undefined) return []
        const message =
          owner === alias
            ? `${JSON.stringify(alias)} is the id of a model`
            : `${JSON.stringify(alias)} is an alias of ${JSON.stringify(owner)} already`
        return [{ registry: 'models', path: [id, 'aliases', index], message, hint: 'Remove one of them' }]
      }),
    )
  },
}
