import type { RegistryName } from '../schema/names.ts'
import type { Component } from './components.ts'
import { entriesOf, type Snapshot } from './snapshot.ts'

type Snapshots = Pick<Snapshot, 'registries'>

/** Version that a registry or an entry says it has; undefined when it says none. */
export function componentVersion(component: Component, snapshot: Snapshots): string | undefined {
  if (component.kind === 'registry') return registryVersion(component.name, snapshot)
  if (component.kind !== 'entry') return undefined
  const { registry, id } = component
  if (registry !== 'plugins' && registry !== 'microservices' && registry !== 'adapters') return undefined
  return new Map(Object.entries(entriesOf(snapshot, registry))).get(id)?.version
}

function registryVersion(name: RegistryName, { registries }: Snapshots): string | undefined {
  const { hyper, dashboard } = registries
  if (name === 'hyper') return hyper.content?.version
  if (name === 'dashboard') return dashboard.content?.version
  return hyper.content?.sub_registries[name]?.version
}
