import type { EditPlan } from '../journal/commit-edit.ts'
import { rewriteJson } from '../lib/json/edit-json.ts'
import { isJsonObject, isSameJson, valueAt } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { toExportName, toRef } from '../registry/refs.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import { type Addition, type EntryAddition, type EntryFields, refOf } from './addition.ts'
import { comparePresent, findWordProblems, listVariableOwners } from './check-requests.ts'
import type { EditProblem } from './problems.ts'
import {
  applyRegistryEdits,
  planCounts,
  type RegistryDocuments,
  type RegistryEdit,
  readDocuments,
} from './registry-edits.ts'

/** What was added. */
interface AddedItem {
  /** Ref of an entry or metric; an edge is `from → to`. */
  readonly ref: string
  readonly name: string
  /** Variable that an entry exports. */
  readonly variable: string | undefined
}

/** What additions change. */
export interface AdditionPlan extends EditPlan {
  readonly added: readonly AddedItem[]
  /** Refs that are there already. */
  readonly present: readonly string[]
  /** Warnings that come with what is added, sentences. */
  readonly warnings: readonly string[]
}

export interface PlannedAdditions extends Omit<AdditionPlan, 'warnings'> {
  readonly problems: readonly EditProblem[]
}

/**
 * Plans new entries with all that belongs to them: the entry, the expected counts, the dashboard's entry, the models of
 * a provider and the edges of an adapter. Throws a NexusError('input') when a file that has to change is no JSON object.
 */
export function planAdditions(content: HomeContent, additions: readonly Addition[]): PlannedAdditions {
  const needed = listNeeded(additions)
  const texts = new Map([...content].filter(([name]) => needed.has(name)))
  const documents = readDocuments(texts)
  const owners = listVariableOwners(documents)
  const found = additions.map(addition => comparePresent(addition, documents))
  const seen = new Set<string>()
  const fresh = additions.filter((addition, index) => {
    const ref = refOf(addition)
    if (found[index] !== undefined || seen.has(ref)) return false
    return seen.add(ref)
  })
  const problems = found.flatMap(each => each?.problem ?? [])
  const planned = fresh.map(addition => planOne(addition, owners, documents))
  const counted = planCounts(fresh.flatMap(toEntryRef), documents)
  const edits = [...planned.flatMap(each => each.edits), ...counted, ...planCategories(fresh, documents)]
  const edited = applyRegistryEdits(edits, texts)
  return {
    added: planned.map(({ item }) => item),
    present: found.flatMap(each => (each && each.problem === undefined ? [each.ref] : [])),
    problems: [
      ...problems,
      ...planned.flatMap(each => each.problem ?? []),
      ...findSharedCards(fresh, documents),
      ...findWordProblems(fresh, documents),
    ],
    texts: appendItems(
      fresh.flatMap(addition => planListItems(addition, documents)),
      edited,
      texts,
    ),
  }
}

/** Registries that additions read, and may change: a broken one of the others is in nobody's way. */
function listNeeded(additions: readonly Addition[]): ReadonlySet<RegistryName> {
  const own = additions.map(({ registry }) => registry)
  const others = own.flatMap((name): RegistryName[] => {
    if (name === 'hyper') return []
    if (name === 'models') return ['hyper', 'providers']
    if (name === 'tools' || name === 'ml_frameworks' || name === 'providers')
      return ['hyper', 'dashboard', 'tools', 'ml_frameworks', 'providers', 'adapters']
    return ['hyper']
  })
  return new Set([...own, ...others])
}

function toEntryRef(addition: Addition): string[] {
  return addition.registry === 'hyper' || addition.registry === 'dashboard' ? [] : [refOf(addition)]
}

interface PlannedAddition {
  readonly item: AddedItem
  readonly edits: readonly RegistryEdit[]
  readonly problem?: EditProblem | undefined
}

function planOne(
  addition: Addition,
  owners: Map<string, string>,
  documents: RegistryDocuments,
): PlannedAddition {
  const ref = refOf(addition)
  if (addition.registry === 'hyper')
    return { item: { ref, name: addition.edge.type, variable: undefined }, edits: [] }
  const { id } = addition
  const name = String(addition.entry.display_name ?? addition.entry.name ?? id)
  if (addition.registry === 'dashboard') {
    const value = { display_name: id, ...addition.defaults, ...addition.entry }
    const edits = planMember(
      'dashboard',
      ['sections', 'metrics', addition.group],
      { key: id, value },
      documents,
    )
    return { item: { ref, name, variable: undefined }, edits }
  }
  const { entry, variable, problem } = withVariable(addition, owners)
  const value = toOrdered(addition, entry, documents)
  const card = variable === undefined ? [] : planCard(addition, variable, documents)
  return {
    item: { ref, name, variable },
    edits: [{ registry: addition.registry, parent: [], key: id, value }, ...card],
    problem,
  }
}

/** A member of an object that need not be there. */
function planMember(
  registry: RegistryName,
  parent: readonly string[],
  { key, value }: { readonly key: string; readonly value: unknown },
  documents: RegistryDocuments,
): RegistryEdit[] {
  const isThere = valueAt(documents.get(registry), parent) !== undefined
  if (isThere) return [{ registry, parent, key, value }]
  const last = parent.at(-1) ?? ''
  return [{ registry, parent: parent.slice(0, -1), key: last, value: { [key]: value } }]
}

/** Endings of a variable whose name something else has already. */
const endings = { tools: 'CLI', ml_frameworks: 'PYTHON', providers: 'API' } as const

function withVariable(
  addition: EntryAddition,
  owners: Map<string, string>,
): { readonly entry: EntryFields; readonly variable?: string; readonly problem?: EditProblem } {
  const { registry, id, defaults = {} } = addition
  const entry = { ...defaults, ...addition.entry }
  if (registry !== 'tools' && registry !== 'ml_frameworks' && registry !== 'providers') return { entry }
  const ref = refOf(addition)
  const wanted = typeof entry.env_var === 'string' ? entry.env_var : undefined
  const owner = wanted === undefined ? undefined : owners.get(wanted)
  if (wanted !== undefined && owner !== undefined && addition.isRequested) {
    const place = addition.toPlace?.(['env_var'])
    const hint = 'Name another one, or omit it'
    const message = `${ref}: ${wanted} is the variable of ${owner}`
    return { entry, variable: wanted, problem: { place, message, hint } }
  }
  const usual = wanted ?? toExportName(id)
  const names = [usual, `${usual}_${endings[registry]}`]
  const variable = names.find(name => !owners.has(name)) ?? `${usual}_${endings[registry]}_${owners.size}`
  owners.set(variable, ref)
  const isNamed = registry !== 'providers' || variable !== usual
  return { variable, entry: isNamed ? { ...entry, env_var: variable } : entry }
}

/** The entry as it is written: `x-` keys last. */
function toOrdered(
  { registry }: EntryAddition,
  entry: EntryFields,
  documents: RegistryDocuments,
): EntryFields {
  const hasUpstream = valueAt(documents.get('hyper'), ['sub_registries', registry, 'url']) !== undefined
  return hasUpstream ? { ...entry, 'x-local': true } : entry
}

/** Tools and frameworks that the dashboard would show under one id: a card is about one thing. */
function findSharedCards(additions: readonly Addition[], documents: RegistryDocuments): EditProblem[] {
  const rivals = { tools: 'ml_frameworks', ml_frameworks: 'tools' } as const
  const added = new Set<string>()
  return additions.flatMap((addition): EditProblem[] => {
    if (addition.registry !== 'tools' && addition.registry !== 'ml_frameworks') return []
    const { registry, id } = addition
    const rival = toRef(rivals[registry], id)
    const isTaken = added.has(rival) || valueAt(documents.get(rivals[registry]), [id]) !== undefined
    added.add(toRef(registry, id))
    if (!isTaken) return []
    const message = `${toRef(registry, id)}: the dashboard would show it and ${rival} under one id`
    return [{ place: addition.toPlace?.([]), message, hint: 'Choose another id' }]
  })
}

function planCard(addition: EntryAddition, variable: string, documents: RegistryDocuments): RegistryEdit[] {
  const { registry, id, entry, card = {} } = addition
  const isProvider = registry === 'providers'
  const parent = ['sections', isProvider ? 'providers' : 'tools', 'entries']
  const shown = valueAt(documents.get('dashboard'), parent)
  if (!isJsonObject(shown) || Object.hasOwn(shown, id)) return []
  const names = { display_name: entry.display_name ?? id }
  const value = isProvider
    ? { ...names, ui_component: 'provider_card', ...card }
    : {
        ...names,
        category: registry === 'tools' ? (entry.category ?? 'runtime') : 'ml_framework',
        ui_component: 'capability_badge',
        ...card,
        env_var: variable,
        status_indicator: true,
      }
  return [{ registry: 'dashboard', parent, key: id, value }]
}

/** The vocabulary with the categories of known tools, where the hyper registry has a list that lacks them. */
function planCategories(additions: readonly Addition[], documents: RegistryDocuments): RegistryEdit[] {
  const parent = ['sub_registries', 'tools']
  const listed = valueAt(documents.get('hyper'), [...parent, 'categories'])
  if (!Array.isArray(listed)) return []
  const known: readonly unknown[] = listed
  const used = additions.flatMap(addition =>
    addition.registry === 'tools' && !addition.isRequested ? [addition.entry.category ?? 'runtime'] : [],
  )
  const missing = [...new Set(used)].filter(category => !known.includes(category))
  if (missing.length === 0) return []
  return [{ registry: 'hyper', parent, key: 'categories', value: [...known, ...missing] }]
}

/** An item at the end of a list. */
interface ListItem {
  readonly registry: RegistryName
  readonly path: readonly string[]
  readonly item: unknown
}

/** The list of models of a provider, and the edges: what other entries say about an addition. */
function planListItems(addition: Addition, documents: RegistryDocuments): ListItem[] {
  const edges = { registry: 'hyper', path: ['dependency_graph', 'edges'] } as const
  if (addition.registry === 'hyper') return [{ ...edges, item: addition.edge }]
  if (addition.registry === 'models') {
    const provider = String(addition.entry.provider ?? '')
    return [{ registry: 'providers', path: [provider, 'models'], item: addition.id }]
  }
  const type = addition.entry.type ?? (addition.registry === 'adapters' ? addition.defaults?.type : undefined)
  if (addition.registry !== 'adapters' || type !== 'provider_adapter') return []
  const from = 'provider_adapters'
  const nodes = valueAt(documents.get('hyper'), ['dependency_graph', 'nodes'])
  const isNode = Array.isArray(nodes) && nodes.some(node => valueAt(node, ['id']) === from)
  return isNode ? [{ ...edges, item: { from, to: addition.id, type: 'references' } }] : []
}

function appendItems(
  items: readonly ListItem[],
  edited: ReadonlyMap<RegistryName, string>,
  texts: HomeContent,
): ReadonlyMap<RegistryName, string> {
  const result = new Map(edited)
  for (const name of new Set(items.map(({ registry }) => registry))) {
    const text = result.get(name) ?? texts.get(name)
    const own = items.filter(({ registry }) => registry === name)
    const next = text === undefined ? undefined : appendTo(text, own)
    if (next !== undefined && next !== text) result.set(name, next)
  }
  return result
}

function appendTo(text: string, items: readonly ListItem[]): string {
  const { value } = parseJson(text)
  for (const { path, item } of items) {
    const list = valueAt(value, path)
    if (Array.isArray(list) && !list.some(other => isSameJson(other, item))) list.push(item)
  }
  return rewriteJson(text, value)
}
