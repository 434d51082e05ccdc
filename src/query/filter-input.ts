import type { RegistryText } from '../registry/load/load-registry-texts.ts'
import { registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'
import type { QuerySubject } from './query-subject.ts'

/**
 * What a filter reads: of one registry its text as it is, of all of them an object of these texts by registry name.
 * Nothing is parsed and written again, so that jq sees numbers and the order of keys as they stand in the files.
 */
export function toFilterInput(texts: readonly RegistryText[], isAll: boolean): Uint8Array {
  const usable = texts.filter(({ bytes }) => bytes !== undefined)
  const encoder = new TextEncoder()
  const parts = usable.flatMap(({ name, bytes = new Uint8Array() }, index) =>
    isAll ? [encoder.encode(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`), bytes] : [bytes],
  )
  return concatenate(isAll ? [encoder.encode('{'), ...parts, encoder.encode('}\n')] : parts)
}

/** The same of a snapshot. A registry that may not be seen is not among them. */
export function toSnapshotInput({ registries }: Snapshot, subject: QuerySubject): Uint8Array {
  const names = subject === 'all' ? registryNames : [subject]
  return toFilterInput(
    names.map(name => toText(registries[name])),
    subject === 'all',
  )
}

// What is broken, or a copy of it, is written anew: the text is that of the file.
function toText(loaded: LoadedRegistry): RegistryText {
  const { name, content, text, diagnostics, copy } = loaded
  if (content === undefined) return { name, bytes: undefined, broken: loaded }
  const isBroken = diagnostics.length > 0 || copy !== undefined
  const bytes = new TextEncoder().encode(isBroken ? JSON.stringify(content) : text)
  return { name, bytes, broken: isBroken ? loaded : undefined }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = parts
  if (only && others.length === 0) return only
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
