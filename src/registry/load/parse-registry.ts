import { parseJson } from '../../lib/json/parse-json.ts'
import { decodeText, parsePlainJson } from '../../lib/json/parse-plain-json.ts'
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

/** Rule that an error of a registry belongs to: who may do what is checked by the schema, and is a rule of its own. */
function ruleOf(name: RegistryName, { rule, path }: SchemaError): string {
  const isAccess = name === 'hyper' && path[0] === 'access_control' && path.length > 1
  return isAccess && rule === 'schema' ? 'access-control' : rule
}
