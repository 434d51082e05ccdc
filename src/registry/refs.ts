import { type RegistryName, registryFiles, registryNames } from './schema/names.ts'

/** `registry/id`, like `tools/docker`. */
export type Ref = `${RegistryName}/${string}`

interface RefParts {
  readonly registry: RegistryName
  readonly id: string
}

export function toRef(registry: RegistryName, id: string): Ref {
  return `${registry}/${id}`
}

/** Splits a ref at its first slash; undefined when it does not begin with a registry's name. */
export function parseRef(text: string): RefParts | undefined {
  const slash = text.indexOf('/')
  if (slash < 1 || slash === text.length - 1) return undefined
  const registry = parseRegistryName(text.slice(0, slash))
  return registry && { registry, id: text.slice(slash + 1) }
}

/** Reads a registry's name in any of its forms: `tools`, `tool`, `tool_registry`, `tool_registry.json`. */
export function parseRegistryName(text: string): RegistryName | undefined {
  names ??= new Map(registryNames.flatMap(name => listForms(name).map(form => [form, name] as const)))
  return names.get(text)
}

// A server needs one for every request.
let names: ReadonlyMap<string, RegistryName> | undefined

function listForms(name: RegistryName): string[] {
  const file = registryFiles[name]
  const stem = file.slice(0, -'.json'.length)
  return [name, file, stem, stem.slice(0, -'_registry'.length)]
}

/** A variable for a shell: set to the value, or unset when there is none. */
export interface Variable {
  /** See `isVariableName`. */
  readonly name: string
  readonly value: string | undefined
}

/** Whether a variable may be exported: nothing but `NEXUS_*`, so that nothing from outside can set `PATH`. */
export function isVariableName(name: string): boolean {
  return /^NEXUS_(?!REGISTRY_)[A-Z0-9_]+$/.test(name)
}

/** The usual variable of an entry: `NEXUS_HAS_` and the id in upper case. */
export function toExportName(id: string): string {
  return `NEXUS_HAS_${id.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
}
