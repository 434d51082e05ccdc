import type { JsonError } from '../../lib/json/json-scanner.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { parsePlainJson } from '../../lib/json/parse-plain-json.ts'
import { limits } from '../../lib/limits.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { RegistryName } from '../schema/names.ts'
import type { LoadedRegistry } from '../snapshot.ts'
import { checkContent } from './check-content.ts'
import { createDiagnoser } from './diagnose.ts'
import type { SchemaError } from './schema-diagnostics.ts'

type ParsedRegistry<Name extends RegistryName> = Omit<LoadedRegistry<Name>, 'sha256'>

/** Reads the bytes of a registry file. A broken entry is quarantined, the others are taken. */
export function parseRegistry<Name extends RegistryName>(
  name: Name,
  path: string,
  bytes: Uint8Array,
): ParsedRegistry<Name> {
  const { text, error } = decodeText(bytes)
  if (error) {
    const diagnoser = createDiagnoser({ name, path, text, root: undefined })
    return failed({ name, path, text, diagnostics: [diagnoser.ofText(error)] })
  }
  // Most files are valid: only for a finding it has to be known where everything stands.
  const plain = parsePlainJson(text)
  const checked = plain && checkContent(name, plain.value)
  if (checked?.content !== undefined && checked.issues.length === 0)
    return { name, path, text, diagnostics: [], state: 'ok', content: checked.content, quarantined: [] }
  const { root, value, errors } = parseJson(text)
  const diagnoser = createDiagnoser({ name, path, text, root })
  const textual = errors.map(diagnoser.ofText)
  if (root === undefined) return failed({ name, path, text, diagnostics: textual })
  const { content, quarantined, issues } = checked ?? checkContent(name, value)
  const structural = issues
    .slice(0, limits.findingsPerFile)
    .map(issue => issue.describe())
    .map(found => diagnoser.ofPlace({ ...found, rule: ruleOf(name, found) }))
  const diagnostics = [...textual, ...structural]
  if (content === undefined) return failed({ name, path, text, diagnostics })
  return { name, path, text, diagnostics, state: 'ok', content, quarantined }
}

function failed<Name extends RegistryName>(parts: {
  name: Name
  path: string
  text: string
  diagnostics: Diagnostic[]
}): ParsedRegistry<Name> {
  return { ...parts, state: 'failed', content: undefined, quarantined: [] }
}

/** Decodes UTF-8. With an error the text is a best effort, for positions only. */
export function decodeText(bytes: Uint8Array): { text: string; error?: JsonError } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    const start = findInvalidByte(bytes, text)
    const message = isUtf16(bytes) ? 'the file is written in UTF-16, not UTF-8' : 'a byte here is not UTF-8'
    const hint = 'Save the file as UTF-8'
    return { text, error: { rule: 'encoding', message, hint, start, end: start + 1, pointer: '' } }
  }
}

// Replacement characters may stand in a file rightly: the first byte that does not come back is the wrong one.
function findInvalidByte(bytes: Uint8Array, text: string): number {
  const again = new TextEncoder().encode(text)
  let valid = 0
  while (valid < bytes.length && bytes[valid] === again[valid]) valid += 1
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return decoder.decode(bytes.subarray(0, valid), { stream: true }).length
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** Rule that an error of a registry belongs to: who may do what is checked by the schema, and is a rule of its own. */
function ruleOf(name: RegistryName, { rule, path }: SchemaError): string {
  const isAccess = name === 'hyper' && path[0] === 'access_control' && path.length > 1
  return isAccess && rule === 'schema' ? 'access-control' : rule
}
