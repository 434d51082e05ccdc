import type { JsonPath } from '../../lib/json/json-value.ts'
import { type SubRegistryName, subRegistryNames } from '../../registry/schema/names.ts'
import { listItems, listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const unlistedValue: Rule = {
  id: 'unlisted-value',
  severity: 'warning',
  summary: 'the categories or capabilities in hyper_registry.json are not those that the entries have',
  check: context =>
    subRegistryNames.flatMap(name => [
      ...compare('categories', name, context),
      ...compare('capabilities', name, context),
    ]),
}

type ListField = 'categories' | 'capabilities'

const valueFields = ['category', 'capabilities', 'capabilities_enum', 'provides']

/** Compares a list of the hyper registry, if there is one, with the values in the entries. */
function compare(field: ListField, name: SubRegistryName, context: RuleContext): Violation[] {
  const { readable, registries } = context.snapshot
  const list = readable.hyper?.sub_registries?.[name]?.[field]
  if (list === undefined || registries[name].state !== 'ok') return []
  const listed = listItems(list)
  const known = new Set(listed.map(({ item }) => item))
  const used = new Map(
    listValues(field, name, context)
      .toReversed()
      .map(use => [use.value, use]),
  )
  const isListWhole = listed.length === list.length
  // Where the field itself is broken, it may have any value.
  const isWhole = registries[name].diagnostics.every(({ pointer }) => {
    const [, , key] = pointer.split('/')
    return key !== undefined && !valueFields.includes(key)
  })
  const unlisted = [...used.values()].filter(({ value }) => !known.has(value))
  const unused = listed.filter(({ item }) => !used.has(item))
  const noun = field === 'categories' ? 'category' : 'capability'
  return [
    ...(isListWhole ? unlisted : []).map(({ value, path }): Violation => {
      const message = `hyper_registry.json does not list the ${noun} ${JSON.stringify(value)} for ${name}`
      const hint = `Add it to "${field}" of ${name}`
      return { registry: name, path, message, hint }
    }),
    ...(isWhole ? unused : []).map(({ item, index }): Violation => {
      const message = `no entry of ${name} has the ${noun} ${JSON.stringify(item)}`
      const path = ['sub_registries', name, field, index]
      return { registry: 'hyper', path, message, hint: 'Remove it, or give it to an entry' }
    }),
  ]
}

interface ListedValue {
  readonly value: string
  readonly path: JsonPath
}

/** The values of all entries, with their places. */
function listValues(field: ListField, name: SubRegistryName, { snapshot }: RuleContext): ListedValue[] {
  if (field === 'categories') {
    if (name !== 'tools') return []
    return listReadEntries(snapshot, name).flatMap(([id, { category }]) =>
      category === undefined ? [] : [{ value: category, path: [id, 'category'] }],
    )
  }
  switch (name) {
    case 'models':
      return listReadEntries(snapshot, name).flatMap(([id, { capabilities }]) =>
        toValues([id, 'capabilities'], capabilities),
      )
    case 'adapters':
      return listReadEntries(snapshot, name).flatMap(([id, { capabilities_enum: capabilities }]) =>
        toValues([id, 'capabilities_enum'], capabilities),
      )
    case 'tools':
    case 'ml_frameworks':
      return listReadEntries(snapshot, name).flatMap(([id, { provides }]) =>
        toValues([id, 'provides'], provides),
      )
    default:
      return []
  }
}

function toValues(path: JsonPath, items: readonly (string | undefined)[] | undefined): ListedValue[] {
  return listItems(items).map(({ item, index }) => ({ value: item, path: [...path, index] }))
}
