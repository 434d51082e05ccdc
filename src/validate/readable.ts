import { isJsonObject, type JsonPath, toPointer } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { limits } from '../lib/limits.ts'
import { entryPathOf } from '../registry/load/parse-registry.ts'
import { isSubRegistry, type RegistryName, type SubRegistryName } from '../registry/schema/names.ts'
import type { RegistryContents } from '../registry/schema/registries.ts'
import type { EntryOf, LoadedRegistry, Snapshot } from '../registry/snapshot.ts'

/** A value without its invalid parts; the rest conforms to the schema. */
export type Readable<T> = T extends readonly (infer Item)[]
  ? readonly (Readable<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Readable<T[Key]> | undefined }
    : T

/** The readable parts of the sub-registries, by id; undefined for an unreadable registry. */
export type ReadableEntries = {
  readonly [Name in SubRegistryName]:
    | { readonly [id: string]: Readable<EntryOf<Name>> | undefined }
    | undefined
}

/** The same for all registries. */
export interface ReadableContents extends ReadableEntries {
  readonly hyper: Readable<RegistryContents['hyper']> | undefined
  readonly dashboard: Readable<RegistryContents['dashboard']> | undefined
}

/** Registries as rules see them: only the invalid parts of an entry are hidden. */
export interface ReadSnapshot extends Pick<Snapshot, 'registries'> {
  readonly readable: ReadableContents
}

/** Adds the readable parts of registries with errors. */
export function toReadSnapshot({ registries }: Pick<Snapshot, 'registries'>): ReadSnapshot {
  return {
    registries,
    readable: {
      hyper: toReadable(registries.hyper),
      dashboard: toReadable(registries.dashboard),
      tools: toReadable(registries.tools),
      providers: toReadable(registries.providers),
      models: toReadable(registries.models),
      plugins: toReadable(registries.plugins),
      microservices: toReadable(registries.microservices),
      adapters: toReadable(registries.adapters),
      ml_frameworks: toReadable(registries.ml_frameworks),
    },
  }
}

// Rules about values; an error in a key says nothing about its value.
const valueRules = ['schema', 'unknown-field', 'access-control']

function toReadable<Name extends RegistryName>(
  registry: LoadedRegistry<Name>,
): Readable<RegistryContents[Name]> | undefined {
  const { name, text, content, diagnostics, copy } = registry
  const own = copy === undefined ? content : undefined
  const isWhole = diagnostics.length === 0 || text === undefined
  // The list of diagnostics was cut: then only valid entries are known to be valid.
  if (isWhole || diagnostics.length >= limits.findingsPerFile) return isReadable<Name>(own) ? own : undefined
  const broken = diagnostics.filter(({ rule }) => valueRules.includes(rule)).map(({ pointer }) => pointer)
  const value = prune(parseJson(text).value, [], { name, broken: new Set(broken) })
  return isReadable<Name>(value) ? value : undefined
}

// All parts with schema errors have been removed, so the rest conforms to the schema.
function isReadable<Name extends RegistryName>(value: unknown): value is Readable<RegistryContents[Name]> {
  return isJsonObject(value)
}

interface Pruning {
  readonly name: RegistryName
  /** JSON Pointers of the invalid values. */
  readonly broken: ReadonlySet<string>
}

// A broken entry stays as an empty object, because it exists. Items of arrays keep their indexes.
function prune(value: unknown, path: JsonPath, pruning: Pruning): unknown {
  const { name, broken } = pruning
  if (broken.has(toPointer(path))) {
    const isEntry = path.length > 0 && entryPathOf(name, path)?.length === path.length
    return isEntry && typeof path.at(-1) === 'string' ? {} : undefined
  }
  if (Array.isArray(value)) return value.map((item, index) => prune(item, [...path, index], pruning))
  if (!isJsonObject(value)) return value
  const isTop = path.length === 0
  const members = Object.entries(value)
    .filter(([key]) => !(isTop && isSubRegistry(name) && key === '$schema'))
    .map(([key, item]): [string, unknown] => [key, prune(item, [...path, key], pruning)])
  return Object.fromEntries(members.filter(([, item]) => item !== undefined))
}
