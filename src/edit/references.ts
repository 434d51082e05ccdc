import { isJsonObject, type JsonPath, valueAt } from '../lib/json/json-value.ts'
import { parseRequirement } from '../lib/version/versions.ts'
import { toDashboardRef } from '../registry/dashboard-items.ts'
import { toRef } from '../registry/refs.ts'
import { isSubRegistry, type RegistryName } from '../registry/schema/names.ts'
import type { EditedHome } from './edited-home.ts'

/** What a field names. `component` is anything that has a name: an entry, a capability, a registry, a node of the graph. */
type ReferenceKind = 'provider' | 'model' | 'microservice' | 'metric' | 'shown' | 'program' | 'component'

/** A field of a registry that names something else. */
interface ReferenceField {
  readonly registry: RegistryName
  /** Where the entry stands that has the field: `*` is any key, and `[]` any item of a list. */
  readonly holder: readonly string[]
  /** The field in it; empty where the key of the entry is the name itself. */
  readonly field: readonly string[]
  readonly to: ReferenceKind
  /**
   * What becomes of it when the entry that it names is removed: the holder cannot exist without it, the field is left out, or
   * the name is taken out of its list.
   */
  readonly without: 'no holder' | 'no field' | 'no item'
  /** Whether it says something about the entry that it names, and goes with it: no other entry depends on that. */
  readonly isOwn?: true
  /** Fields of the holder that say nothing without this one. */
  readonly also?: readonly string[]
}

const shownTool = ['sections', 'tools', 'entries', '*']
const shownProvider = ['sections', 'providers', 'entries', '*']
const edge = ['dependency_graph', 'edges', '[]']

/** All fields of the nine registries that name an entry. */
const referenceFields: readonly ReferenceField[] = [
  { registry: 'models', holder: ['*'], field: ['provider'], to: 'provider', without: 'no holder' },
  { registry: 'models', holder: ['*'], field: ['successor'], to: 'model', without: 'no field' },
  {
    registry: 'models',
    holder: ['*'],
    field: ['redirects_to'],
    to: 'model',
    without: 'no field',
    also: ['redirects_on'],
  },
  { registry: 'adapters', holder: ['*'], field: ['provider'], to: 'provider', without: 'no holder' },
  { registry: 'adapters', holder: ['*'], field: ['requires', '[]'], to: 'component', without: 'no item' },
  { registry: 'plugins', holder: ['*'], field: ['dependencies', '[]'], to: 'program', without: 'no item' },
  { registry: 'plugins', holder: ['*'], field: ['requires', '[]'], to: 'component', without: 'no item' },
  {
    registry: 'microservices',
    holder: ['*'],
    field: ['requires', '[]'],
    to: 'component',
    without: 'no item',
  },
  { registry: 'tools', holder: ['*'], field: ['dependency', '[]'], to: 'component', without: 'no item' },
  {
    registry: 'providers',
    holder: ['*'],
    field: ['models', '[]'],
    to: 'model',
    without: 'no item',
    isOwn: true,
  },
  { registry: 'dashboard', holder: shownTool, field: [], to: 'shown', without: 'no holder', isOwn: true },
  {
    registry: 'dashboard',
    holder: shownTool,
    field: ['dependency', '[]'],
    to: 'component',
    without: 'no item',
  },
  { registry: 'dashboard', holder: shownTool, field: ['metrics', '[]'], to: 'metric', without: 'no item' },
  {
    registry: 'dashboard',
    holder: shownProvider,
    field: [],
    to: 'provider',
    without: 'no holder',
    isOwn: true,
  },
  {
    registry: 'dashboard',
    holder: shownProvider,
    field: ['models_display', '[]'],
    to: 'model',
    without: 'no item',
  },
  ...(['system', 'orchestrator'] as const).map(
    (group): ReferenceField => ({
      registry: 'dashboard',
      holder: ['sections', 'metrics', group, '*'],
      field: ['source', 'microservice'],
      to: 'microservice',
      without: 'no holder',
    }),
  ),
  { registry: 'hyper', holder: edge, field: ['from'], to: 'component', without: 'no holder', isOwn: true },
  { registry: 'hyper', holder: edge, field: ['to'], to: 'component', without: 'no holder' },
  {
    registry: 'hyper',
    holder: ['version_compatibility', '*'],
    field: [],
    to: 'component',
    without: 'no holder',
    isOwn: true,
  },
]

/** A place in a registry that names something, and what that is. */
export interface EntryReference extends Pick<ReferenceField, 'registry' | 'to' | 'without' | 'also'> {
  readonly isOwn: boolean
  /** Where the entry stands that has it. */
  readonly holder: JsonPath
  /** Where the name stands; where the key of the entry is the name, the same as `holder`. */
  readonly path: JsonPath
  readonly isKey: boolean
  readonly name: string
  /** The name with what stands behind it: a range of versions. */
  readonly text: string
  /** Refs of the entries that it means: several where any one of them is enough. Empty when it means no entry. */
  readonly targets: readonly string[]
}

/** All places of a home that name something. */
export function listEntryReferences(home: EditedHome): EntryReference[] {
  return referenceFields.flatMap(field => {
    const document = home.documents.get(field.registry)
    const holders = listPaths(document, field.holder, isSubRegistry(field.registry))
    return holders.flatMap(holder =>
      listPaths(valueAt(document, holder), field.field, false).flatMap(
        inner => toReference(field, holder, inner, home) ?? [],
      ),
    )
  })
}

/** Undefined when there is no text. */
function toReference(
  { registry, field, to, without, also, isOwn }: ReferenceField,
  holder: JsonPath,
  inner: JsonPath,
  home: EditedHome,
): EntryReference | undefined {
  const isKey = inner.length === 0
  const path = [...holder, ...inner]
  const text = isKey ? holder.at(-1) : valueAt(home.documents.get(registry), path)
  if (typeof text !== 'string') return undefined
  const name = field[0] === 'requires' ? parseRequirement(text).name : text
  const targets = to === 'shown' ? findShown(name, holder, home) : findTargets(to, name, home)
  const place = { registry, to, without, isOwn: isOwn === true, holder, path, isKey }
  return { ...place, name, text, targets, ...(also && { also }) }
}

function listPaths(value: unknown, pattern: readonly string[], isFlatMap: boolean): JsonPath[] {
  const [part, ...rest] = pattern
  if (part === undefined) return [[]]
  return listKeys(value, part)
    .filter(key => !isFlatMap || key !== '$schema')
    .flatMap(key => listPaths(valueAt(value, [key]), rest, false).map(path => [key, ...path]))
}

function listKeys(value: unknown, part: string): (string | number)[] {
  if (part === '[]') return Array.isArray(value) ? [...value.keys()] : []
  if (!isJsonObject(value)) return []
  return part === '*' ? Object.keys(value) : Object.hasOwn(value, part) ? [part] : []
}

/** The tool or framework that a card shows: where both have its id, the one whose variable it has. */
function findShown(id: string, holder: JsonPath, home: EditedHome): readonly string[] {
  const registries = (['tools', 'ml_frameworks'] as const).filter(name => home.hasEntry(name, id))
  const variable = valueAt(home.documents.get('dashboard'), [...holder, 'env_var'])
  const isShown = (name: RegistryName) => valueAt(home.documents.get(name), [id, 'env_var']) === variable
  const shown = registries.find(isShown) ?? registries[0]
  return shown === undefined ? [] : [toRef(shown, id)]
}

/** Refs of what a name means in a field of this kind; empty when no entry has it. */
function findTargets(
  kind: Exclude<ReferenceKind, 'shown'>,
  name: string,
  home: EditedHome,
): readonly string[] {
  switch (kind) {
    case 'provider':
      return home.hasEntry('providers', name) ? [toRef('providers', name)] : []
    case 'microservice':
      return home.hasEntry('microservices', name) ? [toRef('microservices', name)] : []
    case 'metric':
      return home.metricGroup(name) === undefined ? [] : [toDashboardRef('metrics', name)]
    case 'model':
      return findModel(name, home)
    case 'program':
      return home.hasEntry('tools', name) ? [toRef('tools', name)] : findComponents(name, home)
    case 'component':
      return findComponents(name, home)
  }
}

// An id comes before an alias.
function findModel(name: string, home: EditedHome): readonly string[] {
  if (home.hasEntry('models', name)) return [toRef('models', name)]
  const found = home.components.resolve(name)
  return found?.kind === 'entry' && found.registry === 'models' ? [found.ref] : []
}

function findComponents(name: string, home: EditedHome): readonly string[] {
  const found = home.components.resolve(name)
  if (found?.kind === 'capability') return found.providers
  return found?.kind === 'entry' ? [found.ref] : []
}

/** What a reference means, as one text: two of the same text mean the same. */
export function toMeaning({ to, name, targets }: EntryReference, home: EditedHome): string {
  if (targets.length > 0) return targets.join(' ')
  const found = to === 'component' || to === 'program' ? home.components.resolve(name) : undefined
  return found === undefined ? '' : `${found.kind} ${name}`
}

/** Name of the entry that has a reference, for people: a ref where it has one. */
export function toHolderName(
  { registry, holder }: Pick<EntryReference, 'registry' | 'holder'>,
  home: EditedHome,
) {
  const id = String(holder.at(-1))
  if (isSubRegistry(registry)) return toRef(registry, id)
  const section = String(holder[1])
  if (registry === 'dashboard') return `dashboard/${section}/${id}`
  const value = valueAt(home.documents.get(registry), holder)
  const ends = [valueAt(value, ['from']), valueAt(value, ['to'])]
  return typeof ends[0] === 'string' ? `edge ${ends.join(' → ')}` : `hyper/${holder.join('/')}`
}

/** Name of the field of a reference, for people: `requires`; empty where the key itself is the name. */
export function toFieldName({ path, holder }: Pick<EntryReference, 'path' | 'holder'>): string {
  return path
    .slice(holder.length)
    .filter(part => typeof part === 'string')
    .join('.')
}
