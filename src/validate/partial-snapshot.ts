import { parseRegistry } from '../registry/load/parse-registry.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import { type LoadedRegistry, mapRegistries, type Snapshot } from '../registry/snapshot.ts'

/** A snapshot of one registry. The others are unknown, and cause no findings. */
export function toLoneSnapshot(registry: LoadedRegistry): Snapshot {
  const unknown = createSnapshot(toUnknown)
  return { ...unknown, registries: { ...unknown.registries, [registry.name]: registry } }
}

/** A snapshot of registries with known content; the others count as missing. */
export function toContentSnapshot(
  texts: ReadonlyMap<RegistryName, string | undefined>,
  paths: Readonly<Record<RegistryName, string>>,
): Snapshot {
  return createSnapshot(name => parseText(name, texts.get(name), paths[name]))
}

/** Parses the content of a registry; without content it counts as missing. */
export function parseText<Name extends RegistryName>(
  name: Name,
  text: string | undefined,
  path: string,
): LoadedRegistry<Name> {
  if (text === undefined) return toUnknown(name)
  return { ...parseRegistry(name, path, new TextEncoder().encode(text)), sha256: undefined }
}

/** A snapshot of registries that `load` returns one by one. */
export function createSnapshot(
  load: <Name extends RegistryName>(name: Name) => LoadedRegistry<Name>,
): Snapshot {
  return { home: '', registries: mapRegistries(load) }
}

function toUnknown<Name extends RegistryName>(name: Name): LoadedRegistry<Name> {
  return {
    name,
    path: '',
    state: 'missing',
    content: undefined,
    text: undefined,
    sha256: undefined,
    quarantined: [],
    diagnostics: [],
  }
}
