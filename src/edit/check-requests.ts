import { isJsonObject, isSameJson, valueAt } from '../lib/json/json-value.ts'
import { toExportName, toRef } from '../registry/refs.ts'
import { mapNames, subRegistryNames } from '../registry/schema/names.ts'
import { toVocabulary, vocabularyFields } from '../registry/vocabulary.ts'
import { type Addition, type EntryAddition, type EntryFields, refOf } from './addition.ts'
import type { EditProblem } from './problems.ts'
import type { RegistryDocuments } from './registry-edits.ts'

interface Present {
  readonly ref: string
  /** What differs, when the entry is another one. */
  readonly problem: EditProblem | undefined
}

/** What is there already under the name of an addition; undefined when there is nothing. */
export function comparePresent(addition: Addition, documents: RegistryDocuments): Present | undefined {
  const ref = refOf(addition)
  const existing = findExisting(addition, documents)
  if (existing === undefined) return undefined
  const wanted = addition.registry === 'hyper' ? addition.edge : addition.entry
  const shown = addition.registry === 'hyper' || addition.registry === 'dashboard' ? {} : addition.card
  const card = findCard(addition, documents)
  const differences = addition.isRequested
    ? [...listDifferences(existing, wanted), ...(card ? listDifferences(card, shown ?? {}) : [])]
    : []
  if (differences.length === 0) return { ref, problem: undefined }
  const message = `${ref} exists already, and differs: ${differences.join(', ')}`
  const hint =
    addition.registry === 'hyper'
      ? 'Remove the edge first'
      : `Change it, or remove it first: nexus-registry edit ${ref}, nexus-registry remove ${ref}`
  return { ref, problem: { place: addition.toPlace?.([]), message, hint } }
}

function findExisting(addition: Addition, documents: RegistryDocuments): unknown {
  if (addition.registry === 'hyper') {
    const { from, to } = addition.edge
    return listEdges(documents).find(edge => valueAt(edge, ['from']) === from && valueAt(edge, ['to']) === to)
  }
  if (addition.registry === 'dashboard') {
    const groups = valueAt(documents.get('dashboard'), ['sections', 'metrics'])
    return isJsonObject(groups)
      ? Object.values(groups).flatMap(group => valueAt(group, [addition.id]) ?? [])[0]
      : undefined
  }
  return valueAt(documents.get(addition.registry), [addition.id])
}

function listEdges(documents: RegistryDocuments): readonly unknown[] {
  const edges = valueAt(documents.get('hyper'), ['dependency_graph', 'edges'])
  return Array.isArray(edges) ? edges : []
}

function listDifferences(existing: unknown, wanted: EntryFields): string[] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const own = valueAt(existing, [key])
    if (isSameJson(own, value)) return []
    const has = own === undefined ? 'is not set' : `is ${shorten(own)}`
    return [`${key} ${has}, not ${shorten(value)}`]
  })
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

const cardSections = { tools: 'tools', ml_frameworks: 'tools', providers: 'providers' } as const

function findCard(addition: Addition, documents: RegistryDocuments): unknown {
  const { registry } = addition
  if (registry !== 'tools' && registry !== 'ml_frameworks' && registry !== 'providers') return undefined
  return valueAt(documents.get('dashboard'), ['sections', cardSections[registry], 'entries', addition.id])
}

/** All variables that entries export, each with the ref of its owner. */
export function listVariableOwners(documents: RegistryDocuments): Map<string, string> {
  const claims = (['tools', 'ml_frameworks', 'providers'] as const).flatMap(registry =>
    Object.entries(documents.get(registry) ?? {}).flatMap(([id, entry]) =>
      listExported(id, entry, registry === 'providers').map(name => [name, toRef(registry, id)] as const),
    ),
  )
  // Of several owners the first decides.
  return new Map(claims.toReversed())
}

function listExported(id: string, entry: unknown, isProvider: boolean): string[] {
  const own = valueAt(entry, ['env_var'])
  const companions = valueAt(entry, ['companion_vars'])
  const usual = isProvider ? toExportName(id) : undefined
  return [own ?? usual, ...(isJsonObject(companions) ? Object.values(companions) : [])].filter(
    name => typeof name === 'string',
  )
}

/** Words of requested entries that the vocabulary of the home lacks. What comes from the catalog extends it. */
export function findWordProblems(
  additions: readonly Addition[],
  documents: RegistryDocuments,
): EditProblem[] {
  const vocabulary = toVocabulary(listWords(documents))
  return additions.flatMap(addition => {
    if (!addition.isRequested || addition.registry === 'hyper' || addition.registry === 'dashboard') return []
    const fields = [...vocabularyFields(addition.registry, vocabulary)]
    return fields.flatMap(([field, words]) => findUnknownWords(addition, { field, words }))
  })
}

function findUnknownWords(
  addition: EntryAddition,
  { field, words }: { readonly field: string; readonly words: readonly string[] },
): EditProblem[] {
  const value = addition.entry[field]
  const used: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isTool = field === 'category'
  const list = isTool ? 'sub_registries.tools.categories' : 'sub_registries.models.capabilities'
  return used
    .filter(word => typeof word === 'string' && !words.includes(word))
    .map(word => ({
      place: addition.toPlace?.([field]),
      message: `${refOf(addition)}: ${JSON.stringify(word)} is not in the vocabulary: ${words.join(', ')}`,
      hint: `Choose one of them, or add the word to ${list} in hyper_registry.json`,
    }))
}

function listWords(documents: RegistryDocuments) {
  const listed = valueAt(documents.get('hyper'), ['sub_registries'])
  return mapNames(subRegistryNames, name => ({
    categories: toTexts(valueAt(listed, [name, 'categories'])),
    capabilities: toTexts(valueAt(listed, [name, 'capabilities'])),
  }))
}

function toTexts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : undefined
}
