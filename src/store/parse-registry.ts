import type { Diagnostic } from '../core/diagnostic.ts'
import { isJsonObject, toPointer } from '../core/json/json-value.ts'
import { parseJson } from '../core/json/parse-json.ts'
import type { LoadedRegistry } from '../core/snapshot.ts'
import { withoutExtensions } from '../schema/extensions.ts'
import type { RegistryName } from '../schema/names.ts'
import { type RegistryContents, registrySchemas } from '../schema/registries.ts'
import { decodeText } from './decode-text.ts'
import { createDiagnoser } from './diagnose.ts'
import { entryPathOf, withoutEntries } from './entry-paths.ts'
import { findSchemaFaults, type SchemaFault } from './schema-faults.ts'

type ParsedRegistry<Name extends RegistryName> = Omit<LoadedRegistry<Name>, 'sha256'>

/** Reads the bytes of a registry file. A broken entry is quarantined, the others are taken. */
export function parseRegistry<Name extends RegistryName>(
  name: Name,
  path: string,
  bytes: Uint8Array,
): ParsedRegistry<Name> {
  const { text, fault } = decodeText(bytes)
  const diagnoser = createDiagnoser({ name, file: path, text })
  if (fault) return failed({ name, path, text, diagnostics: [diagnoser.ofText(fault)] })
  const { root, value, faults } = parseJson(text)
  const textual = faults.map(diagnoser.ofText)
  if (root === undefined) return failed({ name, path, text, diagnostics: textual })
  const checked = checkContent(name, value)
  const structural = checked.faults.map(found => diagnoser.ofPlace(root, found))
  const diagnostics = [...textual, ...structural]
  if (checked.content === undefined) return failed({ name, path, text, diagnostics })
  return {
    name,
    path,
    text,
    diagnostics,
    state: 'ok',
    content: checked.content,
    quarantined: checked.quarantined,
  }
}

function failed<Name extends RegistryName>(parts: {
  name: Name
  path: string
  text: string
  diagnostics: Diagnostic[]
}): ParsedRegistry<Name> {
  return { ...parts, state: 'failed', content: undefined, quarantined: [] }
}

interface CheckedContent<Name extends RegistryName> {
  readonly content: RegistryContents[Name] | undefined
  readonly quarantined: readonly string[]
  readonly faults: readonly SchemaFault[]
}

// All that is wrong is told; what is wrong inside one entry costs only that entry.
function checkContent<Name extends RegistryName>(name: Name, document: unknown): CheckedContent<Name> {
  const whole = withoutSchemaKey(document)
  const faults = findFaults(name, whole)
  if (isSound<Name>(whole, faults)) return { content: whole, quarantined: [], faults }
  const places = faults.map(fault => entryPathOf(name, fault.path))
  const broken = new Map(places.filter(place => place !== undefined).map(place => [toPointer(place), place]))
  const rest = withoutEntries(whole, new Set(broken.keys()))
  const content = isSound<Name>(rest, findFaults(name, rest)) ? rest : undefined
  return { content, quarantined: [...broken.values()].map(place => String(place.at(-1))), faults }
}

function findFaults(name: RegistryName, document: unknown): SchemaFault[] {
  const isFlatMap = name !== 'hyper' && name !== 'dashboard'
  return findSchemaFaults(registrySchemas[name], withoutExtensions(document, { isFlatMap }))
}

// The schemas transform nothing, so a document in which they find no fault is what they describe.
function isSound<Name extends RegistryName>(
  _document: unknown,
  faults: readonly SchemaFault[],
): _document is RegistryContents[Name] {
  return faults.length === 0
}

function withoutSchemaKey(document: unknown): unknown {
  if (!isJsonObject(document) || document.$schema === undefined) return document
  return withoutEntries(document, new Set(['/$schema']))
}
