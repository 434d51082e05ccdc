import { isJsonObject } from '../../lib/json/json-value.ts'
import type { RegistryName } from '../schema/names.ts'
import type { RegistryContents } from '../schema/registries.ts'
import type { LoadedRegistry } from '../snapshot.ts'

/** A registry whose very bytes were found sound before: it is read, and not checked again. */
export function readKnownContent<Name extends RegistryName>(
  name: Name,
  path: string,
  bytes: Uint8Array,
): Omit<LoadedRegistry<Name>, 'sha256'> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const document: unknown = JSON.parse(text)
  dropPrototypes(document)
  if (!isContent<Name>(document)) throw new Error(`${path} is not what it was found to be`)
  return { name, path, text, state: 'ok', content: document, quarantined: [], diagnostics: [] }
}

// What it is was checked when the note was written, of these very bytes.
function isContent<Name extends RegistryName>(document: unknown): document is RegistryContents[Name] {
  if (!isJsonObject(document)) return false
  delete document.$schema
  return true
}

/** Takes the prototypes away: an id like `toString` must not be found where there is no entry of that name. */
export function dropPrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) Object.setPrototypeOf(value, null)
  for (const inner of Object.values(value)) dropPrototypes(inner)
}
