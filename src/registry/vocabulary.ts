import { modelCapabilities, type RegistryName, type SubRegistryName, toolCategories } from './schema/names.ts'

type WordLists = {
  readonly [Name in SubRegistryName]?:
    | {
        readonly categories?: readonly (string | undefined)[] | undefined
        readonly capabilities?: readonly (string | undefined)[] | undefined
      }
    | undefined
}

/** The words that fields of entries may have, as the hyper registry lists them. */
export interface Vocabulary {
  /** Of tools, and of what the dashboard shows of tools and ML frameworks. */
  readonly categories: readonly string[]
  /** Of models, and of the cards of providers. */
  readonly modelCapabilities: readonly string[]
  /** Of what adapters pass on. */
  readonly adapterCapabilities: readonly string[]
}

/** Category of every ML framework on the dashboard. No list needs to name it. */
const frameworkCategory = 'ml_framework'

/** The vocabulary of a home. Where it lists nothing, that of the specification. */
export function toVocabulary(lists: WordLists = {}): Vocabulary {
  const categories = listWords(['tools', 'ml_frameworks'], 'categories', lists) ?? toolCategories
  const ofModels = listWords(['models', 'providers'], 'capabilities', lists) ?? modelCapabilities
  return {
    categories: [...new Set([...categories, frameworkCategory])],
    modelCapabilities: ofModels,
    adapterCapabilities: listWords(['adapters'], 'capabilities', lists) ?? ofModels,
  }
}

/** The words that these registries are listed with; undefined where none has a list. */
function listWords(
  names: readonly SubRegistryName[],
  field: 'categories' | 'capabilities',
  lists: WordLists,
): readonly string[] | undefined {
  const found = names.flatMap(name => {
    const list = lists[name]?.[field]
    return list === undefined ? [] : [list]
  })
  return found.length === 0 ? undefined : [...new Set(found.flat().filter(word => word !== undefined))]
}

type WordFields = Readonly<Record<string, keyof Vocabulary>>

/** Fields whose words are those of a vocabulary, by registry. */
const wordFields: Readonly<Partial<Record<RegistryName, WordFields>>> = {
  tools: { category: 'categories' },
  models: { capabilities: 'modelCapabilities' },
  adapters: { capabilities_enum: 'adapterCapabilities' },
  dashboard: { category: 'categories', capabilities: 'modelCapabilities' },
}

/** Whether the words of a field are those of a vocabulary. */
export function hasVocabulary(name: RegistryName, field: string): boolean {
  return Object.hasOwn(wordFields[name] ?? {}, field)
}

/** The fields of a registry whose words are those of a vocabulary, each with its words. */
export function vocabularyFields(
  name: RegistryName,
  vocabulary: Vocabulary,
): ReadonlyMap<string, readonly string[]> {
  const fields = Object.entries(wordFields[name] ?? {})
  return new Map(fields.map(([field, key]) => [field, vocabulary[key]]))
}

/** A word as people read it: `vector_store` becomes `Vector store`. */
export function toWordTitle(word: string): string {
  const text = word.replaceAll('_', ' ').trim()
  return text === '' ? word : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
