import { type RegistryName, registryFiles, registryNames } from '../schema/names.ts'

/** `registry/id`, like `tools/docker`. */
export type Ref = `${RegistryName}/${string}`

export interface RefParts {
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
  return registryNames.find(name => {
    const file = registryFiles[name]
    const stem = file.slice(0, -'.json'.length)
    return text === name || text === file || text === stem || `${text}_registry` === stem
  })
}
