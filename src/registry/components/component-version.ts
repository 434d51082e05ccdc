import type { RegistryName, SubRegistryName } from '../schema/names.ts'
import type { Component } from './components.ts'

/** What says a version, as far as it can be read. */
export interface VersionedRegistries {
  readonly hyper: Versioned & {
    readonly sub_registries?: { readonly [Name in SubRegistryName]?: Versioned | undefined } | undefined
  }
  readonly dashboard: Versioned
  readonly plugins: VersionedEntries
  readonly microservices: VersionedEntries
  readonly adapters: VersionedEntries
}

interface Versioned {
  readonly version?: string | undefined
}

type VersionedEntries = Readonly<Record<string, Versioned | undefined>>

/** Version that a registry or an entry says it has; undefined when it says none. */
export function componentVersion(component: Component, contents: VersionedRegistries): string | undefined {
  if (component.kind === 'registry') return registryVersion(component.name, contents)
  if (component.kind !== 'entry') return undefined
  const { registry, id } = component
  if (registry !== 'plugins' && registry !== 'microservices' && registry !== 'adapters') return undefined
  return new Map(Object.entries(contents[registry])).get(id)?.version
}

function registryVersion(name: RegistryName, { hyper, dashboard }: VersionedRegistries): string | undefined {
  if (name === 'hyper') return hyper.version
  if (name === 'dashboard') return dashboard.version
  return hyper.sub_registries?.[name]?.version
}
