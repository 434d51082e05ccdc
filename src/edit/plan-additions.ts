import type { Edit, EditPlan } from '../journal/commit-edit.ts'
import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { type Ref, toExportName, toRef } from '../registry/refs.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Provider } from '../registry/schema/provider.ts'
import type { Tool } from '../registry/schema/tool.ts'
import {
  applyRegistryEdits,
  planCounts,
  type RegistryDocuments,
  type RegistryEdit,
  readDocuments,
} from './registry-edits.ts'

/** A new entry, and how the dashboard shows it. */
export type Addition =
  | { readonly registry: 'tools'; readonly id: string; readonly entry: Tool }
  | { readonly registry: 'ml_frameworks'; readonly id: string; readonly entry: MlFramework }
  | { readonly registry: 'providers'; readonly id: string; readonly entry: Provider }

/** Registries that an addition reads, and may change. */
const additionRegistryNames = [
  'hyper',
  'dashboard',
  'tools',
  'providers',
  'adapters',
  'ml_frameworks',
] as const satisfies readonly RegistryName[]

/** What additions change. */
export interface AdditionPlan extends EditPlan {
  readonly added: readonly { readonly ref: Ref; readonly name: string; readonly variable: string }[]
  /** Refs that are there already. */
  readonly present: readonly Ref[]
}

/** Additions as an edit. */
export function toAdditionEdit(additions: readonly Addition[]): Edit<AdditionPlan> {
  return {
    command: 'add',
    names: additionRegistryNames,
    plan: async texts => planAdditions(texts, additions),
  }
}

/**
 * Plans new entries with all that belongs to them: the entry, the expected counts, and the dashboard's entry. Throws a
 * NexusError('input') when a file that has to change is no JSON object.
 */
export function planAdditions(texts: HomeContent, additions: readonly Addition[]): AdditionPlan {
  const documents = readDocuments(texts)
  const variables = new Set(listVariables(documents))
  const added: AdditionPlan['added'][number][] = []
  const present: Ref[] = []
  const edits: RegistryEdit[] = []
  for (const addition of additions) {
    const { registry, id } = addition
    const ref = toRef(registry, id)
    if (valueAt(documents.get(registry), [id]) !== undefined || added.some(other => other.ref === ref)) {
      present.push(ref)
      continue
    }
    const { entry, variable } = toOwnVariable(addition, variables)
    const isLocal = valueAt(documents.get('hyper'), ['sub_registries', registry, 'url']) !== undefined
    edits.push({ registry, parent: [], key: id, value: isLocal ? { ...entry, 'x-local': true } : entry })
    edits.push(...planDashboardEntry(addition, variable, documents))
    added.push({ ref, name: entry.display_name ?? id, variable })
  }
  const counted = planCounts(
    added.map(({ ref }) => ref),
    documents,
  )
  const isAdded = ({ registry, id }: Addition) => added.some(({ ref }) => ref === toRef(registry, id))
  const listed = planCategories(additions.filter(isAdded), documents)
  return { added, present, texts: applyRegistryEdits([...edits, ...counted, ...listed], texts) }
}

/** All variables that entries export. */
function listVariables(documents: RegistryDocuments): string[] {
  const entries = ['tools', 'ml_frameworks'] as const
  const detected = entries.flatMap(name => Object.values(documents.get(name) ?? {}).flatMap(exportsOf))
  const providers = Object.entries(documents.get('providers') ?? {}).map(([id, entry]) => {
    const own = valueAt(entry, ['env_var'])
    return typeof own === 'string' ? own : toExportName(id)
  })
  return [...detected, ...providers]
}

function exportsOf(entry: unknown): string[] {
  const companions = valueAt(entry, ['companion_vars'])
  const all = [valueAt(entry, ['env_var']), ...(isJsonObject(companions) ? Object.values(companions) : [])]
  return all.filter(name => typeof name === 'string')
}

/** Endings of a variable whose name something else has already. */
const endings = { tools: 'CLI', ml_frameworks: 'PYTHON', providers: 'API' } as const

function toOwnVariable({ registry, id, entry }: Addition, variables: Set<string>) {
  const usual = entry.env_var ?? toExportName(id)
  const names = [usual, `${usual}_${endings[registry]}`]
  const variable =
    names.find(name => !variables.has(name)) ?? `${usual}_${endings[registry]}_${variables.size}`
  variables.add(variable)
  const isNamed = registry !== 'providers' || variable !== usual
  return { variable, entry: isNamed ? { ...entry, env_var: variable } : entry }
}

function planDashboardEntry(
  { registry, id, entry }: Addition,
  variable: string,
  documents: RegistryDocuments,
): RegistryEdit[] {
  const section = registry === 'providers' ? 'providers' : 'tools'
  const parent = ['sections', section, 'entries']
  const shown = valueAt(documents.get('dashboard'), parent)
  if (!isJsonObject(shown) || Object.hasOwn(shown, id)) return []
  const display_name = entry.display_name ?? id
  if (registry === 'providers') {
    const value = { display_name, ui_component: 'provider_card' }
    return [{ registry: 'dashboard', parent, key: id, value }]
  }
  const category = registry === 'tools' ? (entry.category ?? 'runtime') : 'ml_framework'
  const value = {
    display_name,
    category,
    ui_component: 'capability_badge',
    env_var: variable,
    status_indicator: true,
  }
  return [{ registry: 'dashboard', parent, key: id, value }]
}

/** The vocabulary with the categories of new tools, where the hyper registry has a list that lacks them. */
function planCategories(additions: readonly Addition[], documents: RegistryDocuments): RegistryEdit[] {
  const parent = ['sub_registries', 'tools']
  const listed = valueAt(documents.get('hyper'), [...parent, 'categories'])
  if (!Array.isArray(listed)) return []
  const known: readonly unknown[] = listed
  const used = additions.flatMap(({ registry, entry }) =>
    registry === 'tools' ? [entry.category ?? 'runtime'] : [],
  )
  const missing = [...new Set(used)].filter(category => !known.includes(category))
  if (missing.length === 0) return []
  return [{ registry: 'hyper', parent, key: 'categories', value: [...known, ...missing] }]
}
