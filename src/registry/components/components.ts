import { isJsonObject } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { otherModelNames } from '../local-models.ts'
import { parseRef, parseRegistryName, type Ref, toRef } from '../refs.ts'
import {
  detectedRegistryNames,
  type RegistryName,
  type SubRegistryName,
  subRegistryNames,
} from '../schema/names.ts'
import { entriesOf, type LoadedRegistry, type Snapshot } from '../snapshot.ts'

/** What a name in a dependency means. */
export type Component =
  | { readonly kind: 'registry'; readonly name: RegistryName }
  | {
      readonly kind: 'entry'
      readonly ref: Ref
      readonly registry: SubRegistryName
      readonly id: string
    }
  /** Something that tools or frameworks provide: any one of them is enough. */
  | { readonly kind: 'capability'; readonly id: string; readonly providers: readonly Ref[] }
  /** A component that only `hyper_registry.json` knows: a node of the graph, or a name with a version range. */
  | { readonly kind: 'declared'; readonly id: string }

export interface Components {
  /**
   * What a name means, the first that applies: a registry in any form of its name, a ref, the id of an entry (in the
   * order of the registries), a capability, a declared component, an alias of a model. Undefined when nothing has it.
   */
  resolve(name: string): Component | undefined
  /** Whether everything could be read. If not, a name that does not resolve may mean something that was not read. */
  readonly isComplete: boolean
  /** All names that resolve, as they are written. Sorted. */
  readonly names: readonly string[]
}

type Snapshots = Pick<Snapshot, 'registries'>

/** Reads who is who out of a snapshot. Entries that are quarantined are known too. */
export function createComponents(snapshot: Snapshots): Components {
  const entries = indexEntries(snapshot)
  const capabilities = indexCapabilities(snapshot)
  const hyper = readHyper(snapshot)
  const nodes = declaredNodes(hyper)
  const declared = new Set([...(nodes ?? []), ...versionedNames(hyper)])
  const aliases = indexAliases(snapshot)
  return {
    resolve: name => {
      const registry = parseRegistryName(name)
      if (registry) return { kind: 'registry', name: registry }
      const entry = findByRef(name, entries) ?? entries.get(name)?.[0]
      if (entry) return entry
      const providers = capabilities.get(name)
      if (providers) return { kind: 'capability', id: name, providers }
      return declared.has(name) ? { kind: 'declared', id: name } : aliases.get(name)
    },
    // Nothing is called by what the dashboard shows, and of the hyper registry only its nodes have names.
    isComplete:
      nodes !== undefined && subRegistryNames.every(name => snapshot.registries[name].state === 'ok'),
    names: [
      ...new Set([
        ...entries.keys(),
        ...capabilities.keys(),
        ...declared,
        ...aliases.keys(),
        ...registryIds(),
      ]),
    ].sort(),
  }
}

/** One name for each component: `tools` (a registry), `tools/docker`, or the id of a capability or declared component. */
export function toComponentKey(component: Component): string {
  if (component.kind === 'registry') return component.name
  return component.kind === 'entry' ? component.ref : component.id
}

type Entry = Extract<Component, { kind: 'entry' }>

/** Ids of all entries of a sub-registry, valid or quarantined, in the order of the file as far as known. */
export function entryIds(snapshot: Snapshots, registry: SubRegistryName): string[] {
  return [...Object.keys(entriesOf(snapshot, registry)), ...snapshot.registries[registry].quarantined]
}

function indexEntries(snapshot: Snapshots): ReadonlyMap<string, readonly Entry[]> {
  const index = new Map<string, Entry[]>()
  for (const registry of subRegistryNames) {
    for (const id of entryIds(snapshot, registry)) append(index, id, toEntry(registry, id))
  }
  const models = entriesOf(snapshot, 'models')
  for (const [id, model] of Object.entries(models))
    for (const name of otherModelNames(id, model))
      if (!Object.hasOwn(models, name)) append(index, name, toEntry('models', id))
  return index
}

function toEntry(registry: SubRegistryName, id: string): Entry {
  return { kind: 'entry', ref: toRef(registry, id), registry, id }
}

function findByRef(name: string, entries: ReadonlyMap<string, readonly Entry[]>): Entry | undefined {
  const ref = parseRef(name)
  return ref && entries.get(ref.id)?.find(({ registry }) => registry === ref.registry)
}

function indexCapabilities(snapshot: Snapshots): ReadonlyMap<string, readonly Ref[]> {
  const index = new Map<string, Ref[]>()
  for (const registry of detectedRegistryNames) {
    const valid: [string, unknown][] = Object.entries(entriesOf(snapshot, registry))
    for (const [id, entry] of [...valid, ...quarantinedValues(snapshot.registries[registry])]) {
      for (const capability of versionsAt(entry, 'provides')) append(index, capability, toRef(registry, id))
    }
  }
  return index
}

function indexAliases(snapshot: Snapshots): ReadonlyMap<string, Entry> {
  const valid: [string, unknown][] = Object.entries(entriesOf(snapshot, 'models'))
  const all = [...valid, ...quarantinedValues(snapshot.registries.models)]
  return new Map(
    all.flatMap(([id, model]) => versionsAt(model, 'aliases').map(alias => [alias, toEntry('models', id)])),
  )
}

// Broken nodes are left out of the content, and all of it where something else is broken: the file itself has their ids.
function readHyper({ registries }: Snapshots): unknown {
  const { content, quarantined, text } = registries.hyper
  const isBroken = content === undefined || quarantined.length > 0
  return isBroken && text !== undefined ? parseJson(text).value : content
}

function declaredNodes(hyper: unknown): string[] | undefined {
  const graph = isJsonObject(hyper) ? hyper.dependency_graph : undefined
  if (!isJsonObject(graph)) return undefined
  const { nodes = [] } = graph
  if (!Array.isArray(nodes)) return undefined
  return nodes.flatMap(node => (isJsonObject(node) && typeof node.id === 'string' ? [node.id] : []))
}

function versionedNames(hyper: unknown): string[] {
  const ranges = isJsonObject(hyper) ? hyper.version_compatibility : undefined
  return isJsonObject(ranges) ? Object.keys(ranges) : []
}

function registryIds(): string[] {
  return [...subRegistryNames]
}

function versionsAt(value: unknown, key: string): string[] {
  const list = isJsonObject(value) ? value[key] : undefined
  return Array.isArray(list) ? list.filter(item => typeof item === 'string') : []
}

function append<T>(index: Map<string, T[]>, key: string, value: T): void {
  const list = index.get(key)
  if (list) list.push(value)
  else index.set(key, [value])
}

/**
 * Broken entries of a flat registry as they stand in its file, by id. What they say has not been checked; it serves
 * to distinguish "named nowhere" from "named by a broken entry".
 */
function quarantinedValues(
  registry: Pick<LoadedRegistry, 'text' | 'quarantined'>,
): ReadonlyMap<string, unknown> {
  if (registry.quarantined.length === 0 || registry.text === undefined) return new Map()
  const { value } = parseJson(registry.text)
  if (!isJsonObject(value)) return new Map()
  return new Map(registry.quarantined.map(id => [id, value[id]]))
}
