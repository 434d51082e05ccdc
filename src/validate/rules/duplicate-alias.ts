import { subRegistryNames } from '../../registry/schema/names.ts'
import { listItems, listReadEntries } from '../references.ts'
import type { Rule, Violation } from '../rule.ts'

export const duplicateAlias: Rule = {
  id: 'duplicate-alias',
  severity: 'error',
  summary: 'an alias means another entry of its registry too, or stands there twice',
  check: ({ snapshot, known }) =>
    subRegistryNames.flatMap(registry => {
      const owners = new Map<string, string>()
      return listReadEntries(snapshot, registry).flatMap(([id, { aliases }]) =>
        listItems(aliases).flatMap(({ item: alias, index }): Violation[] => {
          const isId = known.ids(registry).has(alias)
          const owner = isId ? alias : owners.get(alias)
          owners.set(alias, owner ?? id)
          if (owner === undefined) return []
          const name = JSON.stringify(alias)
          const message = isId
            ? `${name} is the id of ${registry}/${owner}`
            : `${name} is an alias of ${registry}/${owner} already`
          const path = [id, 'aliases', index]
          return [{ registry, path, message, hint: `Remove it here or from ${registry}/${owner}` }]
        }),
      )
    }),
}
