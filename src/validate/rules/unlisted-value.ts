import type { JsonPath } from '../../lib/json/json-value.ts'
import { modelCapabilities, type RegistryName, toolCategories } from '../../registry/schema/names.ts'
import { toVocabulary } from '../../registry/vocabulary.ts'
import { listDashboardProviders, listDashboardTools, listItems, listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const unlistedValue: Rule = {
  id: 'unlisted-value',
  severity: 'warning',
  summary:
    'a category or capability that hyper_registry.json does not list (an error when the specification does not have it either)',
  check: context => {
    const { readable, registries } = context.snapshot
    // Without the file nothing adds a word; with one that cannot be read nobody knows.
    if (readable.hyper === undefined && registries.hyper.state !== 'missing') return []
    return listUses(context).flatMap(use => findUnlisted(use, context))
  },
}

interface ListedValue {
  readonly value: string
  readonly path: JsonPath
}

/** Values of one field in one registry, and the words that it may have. */
interface WordUse {
  readonly registry: RegistryName
  readonly noun: 'category' | 'capability'
  readonly values: readonly ListedValue[]
  readonly words: readonly string[]
  /** What the specification has. Empty for capabilities that anybody may invent. */
  readonly specified: readonly string[]
}

function listUses(context: RuleContext): WordUse[] {
  const { snapshot } = context
  const lists = snapshot.readable.hyper?.sub_registries ?? {}
  if (!isWhole(lists)) return []
  const vocabulary = toVocabulary(lists)
  const category = { noun: 'category', words: vocabulary.categories, specified: toolCategories } as const
  const capability = { noun: 'capability', specified: modelCapabilities } as const
  const ofModels = { ...capability, words: vocabulary.modelCapabilities }
  const provided = (['tools', 'ml_frameworks'] as const).flatMap((registry): WordUse[] => {
    const words = lists[registry]?.capabilities
    if (words === undefined) return []
    const values = listReadEntries(snapshot, registry).flatMap(([id, { provides }]) =>
      toValues([id, 'provides'], provides),
    )
    return [
      {
        registry,
        noun: 'capability',
        values,
        words: listItems(words).map(({ item }) => item),
        specified: [],
      },
    ]
  })
  return [
    { ...category, registry: 'tools', values: listToolCategories(context) },
    { ...category, registry: 'dashboard', values: listShownCategories(context) },
    { ...ofModels, registry: 'models', values: listModelCapabilities(context) },
    { ...ofModels, registry: 'dashboard', values: listShownCapabilities(context) },
    {
      ...capability,
      registry: 'adapters',
      words: vocabulary.adapterCapabilities,
      values: listPassedOn(context),
    },
    ...provided,
  ]
}

type Lists = NonNullable<NonNullable<RuleContext['snapshot']['readable']['hyper']>['sub_registries']>

// A word of a list that is broken may be any.
function isWhole(lists: Lists): boolean {
  return Object.values(lists).every(listed =>
    [listed?.categories, listed?.capabilities].every(
      words => words === undefined || listItems(words).length === words.length,
    ),
  )
}

/** A word of the specification is reported once, as it may stand in many entries; any other where it stands. */
function findUnlisted(use: WordUse, { suggest }: RuleContext): Violation[] {
  const { registry, noun, values, words, specified } = use
  const known = new Set(words)
  const unlisted = values.filter(({ value }) => !known.has(value))
  const firsts = new Map(unlisted.toReversed().map(each => [each.value, each]))
  return unlisted
    .filter(each => !specified.includes(each.value) || firsts.get(each.value) === each)
    .map(({ value, path }) => ({
      registry,
      path,
      message: `hyper_registry.json does not list the ${noun} ${JSON.stringify(value)} for ${listOf(use)}`,
      hint:
        suggest(value, words) ??
        `Add it to "${noun === 'category' ? 'categories' : 'capabilities'}" of ${listOf(use)}`,
      ...(specified.length === 0 || specified.includes(value) ? {} : { severity: 'error' as const }),
    }))
}

/** The registry whose list has the words of another. */
function listOf({ registry, noun }: WordUse): string {
  if (registry !== 'dashboard') return registry
  return noun === 'category' ? 'tools' : 'models'
}

function listToolCategories({ snapshot }: RuleContext): ListedValue[] {
  return listReadEntries(snapshot, 'tools').flatMap(([id, { category }]) =>
    toValue([id, 'category'], category),
  )
}

function listShownCategories({ snapshot }: RuleContext): ListedValue[] {
  return listDashboardTools(snapshot).flatMap(([id, { category }]) =>
    toValue(['sections', 'tools', 'entries', id, 'category'], category),
  )
}

function listModelCapabilities({ snapshot }: RuleContext): ListedValue[] {
  return listReadEntries(snapshot, 'models').flatMap(([id, { capabilities }]) =>
    toValues([id, 'capabilities'], capabilities),
  )
}

function listShownCapabilities({ snapshot }: RuleContext): ListedValue[] {
  return listDashboardProviders(snapshot).flatMap(([id, { capabilities }]) =>
    toValues(['sections', 'providers', 'entries', id, 'capabilities'], capabilities),
  )
}

function listPassedOn({ snapshot }: RuleContext): ListedValue[] {
  return listReadEntries(snapshot, 'adapters').flatMap(([id, { capabilities_enum: capabilities }]) =>
    toValues([id, 'capabilities_enum'], capabilities),
  )
}

function toValue(path: JsonPath, value: string | undefined): ListedValue[] {
  return value === undefined ? [] : [{ value, path }]
}

function toValues(path: JsonPath, items: readonly (string | undefined)[] | undefined): ListedValue[] {
  return listItems(items).map(({ item, index }) => ({ value: item, path: [...path, index] }))
}
