import { isJsonObject, type JsonPath, toPointer } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { limits } from '../lib/limits.ts'
import { entryPathOf } from '../registry/load/check-content.ts'
import { isSubRegistry, type RegistryName, type SubRegistryName } from '../registry/schema/names.ts'
import type { RegistryContents } from '../registry/schema/registries.ts'
import type { EntryOf, LoadedRegistry, Snapshot } from '../registry/snapshot.ts'

/** A value in which every part may be missing: what is wrong is left out, and the rest is as the schema says. */
export type Readable<T> = T extends readonly (infer Item)[]
  ? readonly (Readable<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Readable<T[Key]> | undefined }
    : T

/** What can be read of the sub-registries, by id; undefined for one that cannot be read at all. */
export type ReadableEntries = {
  readonly [Name in SubRegistryName]:
    | { readonly [id: string]: Readable<EntryOf<Name>> | undefined }
    | undefined
}

/** The same of all registries. */
export interface ReadableContents extends ReadableEntries {
  readonly hyper: Readable<RegistryContents['hyper']> | undefined
  readonly dashboard: Readable<RegistryContents['dashboard']> | undefined
}

/** Registries as rules see them: a broken entry hides nothing but what is broken in it. */
export interface ReadSnapshot extends Pick<Snapshot, 'registries'> {
  readonly readable: ReadableContents
}

/** Adds what can be read of registries in which something is wrong. */
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

// What the schema finds; what is wrong with a key says nothing of its value.
const valueRules = ['schema', 'unknown-field', 'access-control']

function toReadable<Name extends RegistryName>(
  registry: LoadedRegistry<Name>,
): Readable<RegistryContents[Name]> | undefined {
  const { name, text, content, diagnostics, copy } = registry
  const own = copy === undefined ? content : undefined
  const isWhole = diagnostics.length === 0 || text === undefined
  // More is wrong than is told: then nobody knows which parts are right but those of valid entries.
  if (isWhole || diagnostics.length >= limits.findingsPerFile) return isReadable<Name>(own) ? own : undefined
  const broken = diagnostics.filter(({ rule }) => valueRules.includes(rule)).map(({ pointer }) => pointer)
  const value = prune(parseJson(text).value, [], { name, broken: new Set(broken) })
  return isReadable<Name>(value) ? value : undefined
}

// Everything in which the schema finds something is taken out of it, so what is there is what the schema describes.
function isReadable<Name extends RegistryName>(value: unknown): value is Readable<RegistryContents[Name]> {
  return isJsonObject(value)
}

interface Pruning {
  readonly name: RegistryName
  /** JSON Pointers of what is wrong. */
  readonly broken: ReadonlySet<string>
}

// An entry stays, without its fields: that it is there is known. Items of lists keep their places.
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
