import type { Diagnostic } from '../core/diagnostic.ts'
import { isJsonObject } from '../core/json/json-value.ts'
import { parseJson } from '../core/json/parse-json.ts'
import { limits } from '../core/limits.ts'
import type { LoadedRegistry } from '../core/snapshot.ts'
import { withoutExtensions } from '../schema/extensions.ts'
import type { RegistryName } from '../schema/names.ts'
import { type RegistryContents, registrySchemas } from '../schema/registries.ts'
import { schemaKeySchema } from '../schema/schema-key.ts'
import { decodeText } from './decode-text.ts'
import { createDiagnoser } from './diagnose.ts'
import { entryPathOf, toEntryName, withoutEntries } from './entry-paths.ts'
import { ruleOf } from './fault-rule.ts'
import { findSchemaIssues, type SchemaIssue } from './schema-faults.ts'

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
  const textual = faults.slice(0, limits.findingsPerFile).map(diagnoser.ofText)
  if (root === undefined) return failed({ name, path, text, diagnostics: textual })
  const checked = checkContent(name, value)
  const structural = checked.issues
    .slice(0, limits.findingsPerFile)
    .map(issue => issue.describe())
    .map(fault => diagnoser.ofPlace(root, { ...fault, rule: ruleOf(name, fault) }))
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
  readonly issues: readonly SchemaIssue[]
}

// All that is wrong is told; what is wrong inside one entry costs only that entry.
function checkContent<Name extends RegistryName>(name: Name, document: unknown): CheckedContent<Name> {
  const whole = withoutSchemaKey(document)
  const issues = findIssues(name, whole)
  if (isSound<Name>(whole, issues))
    return { content: whole, quarantined: [], issues: schemaKeyIssues(document) }
  const places = issues.map(({ path }) => entryPathOf(name, path)).filter(path => path !== undefined)
  const broken = new Map(places.map(path => [toEntryName(name, path), path]))
  const rest = withoutEntries(whole, [...broken.values()])
  const content = isSound<Name>(rest, findIssues(name, rest)) ? rest : undefined
  return { content, quarantined: [...broken.keys()], issues: [...schemaKeyIssues(document), ...issues] }
}

function findIssues(name: RegistryName, document: unknown): SchemaIssue[] {
  const isFlatMap = name !== 'hyper' && name !== 'dashboard'
  return findSchemaIssues(registrySchemas[name], withoutExtensions(document, { isFlatMap }))
}

// The schemas transform nothing, so a document in which they find no fault is what they describe.
function isSound<Name extends RegistryName>(
  _document: unknown,
  issues: readonly SchemaIssue[],
): _document is RegistryContents[Name] {
  return issues.length === 0
}

function withoutSchemaKey(document: unknown): unknown {
  return isJsonObject(document) && document.$schema !== undefined
    ? withoutEntries(document, [['$schema']])
    : document
}

// Editors find the schema by this key; we know it anyway, so nothing is lost when it is wrong.
function schemaKeyIssues(document: unknown): SchemaIssue[] {
  const key = isJsonObject(document) ? document.$schema : undefined
  if (key === undefined) return []
  return findSchemaIssues(schemaKeySchema, { $schema: key })
}
