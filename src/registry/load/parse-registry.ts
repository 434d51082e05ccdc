import { isJsonObject, type JsonPath, toPointer } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { decodeText, parsePlainJson } from '../../lib/json/parse-plain-json.ts'
import { limits } from '../../lib/limits.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { schemaKeySchema } from '../schema/common.ts'
import { withoutExtensions } from '../schema/extensions.ts'
import { isSubRegistry, type RegistryName, type SubRegistryName } from '../schema/names.ts'
import { type RegistryContents, registrySchemas } from '../schema/registries.ts'
import type { LoadedRegistry } from '../snapshot.ts'
import { createDiagnoser } from './diagnose.ts'
import { findSchemaIssues, type SchemaError, type SchemaIssue } from './schema-diagnostics.ts'

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

interface CheckedContent<Name extends RegistryName> {
  /** The valid part; undefined when the document as a whole cannot be used. */
  readonly content: RegistryContents[Name] | undefined
  /** Names of the entries that are left out of it. */
  readonly quarantined: readonly string[]
  readonly issues: readonly SchemaIssue[]
}

/** Checks a document against the schema of its registry. What is wrong inside one entry costs only that entry. */
export function checkContent<Name extends RegistryName>(name: Name, document: unknown): CheckedContent<Name> {
  const whole = withoutSchemaKey(document)
  const { issues, broken } = isSubRegistry(name) ? checkEntries(name, whole) : checkDocument(name, whole)
  const rest = withoutEntries(whole, broken)
  const isUsable =
    issues.length === 0 || (broken.length > 0 && (isSubRegistry(name) || isValidDocument(name, rest)))
  return {
    content: isValid<Name>(rest, isUsable) ? rest : undefined,
    quarantined: broken.filter(path => !isSpared(name, path)).map(path => toEntryName(name, path)),
    issues: [...findSchemaKeyIssues(document), ...issues],
  }
}

interface Checked {
  readonly issues: readonly SchemaIssue[]
  /** Paths of what to leave out: entries, or single fields of an entry that is otherwise valid. */
  readonly broken: readonly JsonPath[]
}

function checkEntries(name: SubRegistryName, document: unknown): Checked {
  const entries = withoutExtensions(document, { isFlatMap: true })
  if (!isJsonObject(entries)) return { issues: findSchemaIssues(registrySchemas[name], entries), broken: [] }
  const issues: SchemaIssue[] = []
  const broken = new Set<string>()
  const parts = new Map<string, JsonPath>()
  const add = (issue: SchemaIssue) => {
    const place = toSparedPlace(name, issue.path)
    if (place === undefined) broken.add(String(issue.path[0]))
    else parts.set(JSON.stringify(place), place)
    if (issues.length < limits.findingsPerFile) issues.push(place === undefined ? issue : withPartHint(issue))
  }
  for (const part of split(Object.entries(entries)))
    for (const issue of findAllEntryIssues(name, part)) add(issue)
  const notes = [...parts.values()].filter(([id]) => !broken.has(String(id)))
  return { issues, broken: [...[...broken].map(id => [id]), ...notes] }
}

/** Fields that are left out when they are broken, while their entry goes on: it says nothing else by them. */
const sparedFields: Readonly<Record<string, string>> = {
  detected: 'nexus-registry sync writes it anew',
  install: 'Correct it: until then the entry has no package names',
}

/** What to leave out of an entry instead of all of it: a field, or of `install` one name. */
function toSparedPlace(name: RegistryName, path: JsonPath): JsonPath | undefined {
  return isSpared(name, path) ? path.slice(0, path[1] === 'install' ? 3 : 2) : undefined
}

function isSpared(name: RegistryName, path: JsonPath): boolean {
  return (name === 'tools' || name === 'ml_frameworks') && Object.hasOwn(sparedFields, String(path[1]))
}

function withPartHint(issue: SchemaIssue): SchemaIssue {
  const describe = () => {
    const error = issue.describe()
    return { ...error, hint: error.hint ?? sparedFields[String(issue.path[1])] ?? null }
  }
  return { ...issue, describe }
}

// In parts, so that the errors of a hostile file are not all in memory at once.
function split<T>(list: readonly T[]): readonly T[][] {
  const size = Math.min(Math.ceil(list.length / 100), 1000)
  return Array.from({ length: Math.ceil(list.length / size) || 0 }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}

// The schema does not check an entry whose id is invalid: its value is checked under another one.
function findAllEntryIssues(name: SubRegistryName, entries: readonly [string, unknown][]): SchemaIssue[] {
  const issues = findEntryIssues(name, entries)
  if (issues.length >= limits.findingsPerFile) return issues
  const ids = issues.flatMap(({ path, isAboutKey }) => (isAboutKey && path.length === 1 ? [path[0]] : []))
  const misnamed = new Set(ids)
  const inner = entries.filter(([id]) => misnamed.has(id))
  if (inner.length === 0) return issues
  const renamed = inner.map(([, value], index): [string, unknown] => [`entry${index}`, value])
  const originals = new Map(renamed.map(([alias], index) => [alias, inner[index]?.[0] ?? alias]))
  const found = findEntryIssues(name, renamed)
  return [...issues, ...found.map(issue => moveTo(originals.get(String(issue.path[0])) ?? '', issue))]
}

function moveTo(id: string, issue: SchemaIssue): SchemaIssue {
  const path = [id, ...issue.path.slice(1)]
  return { ...issue, path, describe: () => ({ ...issue.describe(), path }) }
}

// A hostile entry with too many errors does not invalidate the others.
function findEntryIssues(name: SubRegistryName, entries: readonly [string, unknown][]): SchemaIssue[] {
  const [first] = entries
  if (first === undefined) return []
  const issues = findSchemaIssues(registrySchemas[name], Object.fromEntries(entries), [first[0]])
  if (entries.length === 1 || !issues.some(({ isOverflow }) => isOverflow)) return issues
  const middle = entries.length >> 1
  return [...findEntryIssues(name, entries.slice(0, middle)), ...findEntryIssues(name, entries.slice(middle))]
}

function checkDocument(name: 'hyper' | 'dashboard', document: unknown): Checked {
  const issues = findDocumentIssues(name, document)
  const paths = issues.map(({ path }) => entryPathOf(name, path)).filter(path => path !== undefined)
  const broken = new Map(paths.map(path => [toEntryName(name, path), path]))
  return { issues, broken: [...broken.values()] }
}

function isValidDocument(name: RegistryName, document: unknown): boolean {
  return isSubRegistry(name) || findDocumentIssues(name, document).length === 0
}

function findDocumentIssues(name: 'hyper' | 'dashboard', document: unknown): SchemaIssue[] {
  return findSchemaIssues(registrySchemas[name], withoutExtensions(document, { isFlatMap: false }))
}

// The schemas transform nothing, so a document without errors has the type that they describe.
function isValid<Name extends RegistryName>(
  _document: unknown,
  isUsable: boolean,
): _document is RegistryContents[Name] {
  return isUsable
}

function withoutSchemaKey(document: unknown): unknown {
  return isJsonObject(document) && document.$schema !== undefined
    ? withoutEntries(document, [['$schema']])
    : document
}

// Editors find the schema by this key; we know it anyway, so nothing is lost when it is wrong.
function findSchemaKeyIssues(document: unknown): SchemaIssue[] {
  const key = isJsonObject(document) ? document.$schema : undefined
  return key === undefined ? [] : findSchemaIssues(schemaKeySchema, { $schema: key })
}

/** Depth of the entries in the parts of the two documents; everywhere else an entry stands at depth 1. */
const entryDepths: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  dashboard: { '/sections/tools/entries': 4, '/sections/providers/entries': 4, '/sections/metrics': 4 },
  hyper: {
    '/sub_registries': 2,
    '/dependency_graph/nodes': 3,
    '/dependency_graph/edges': 3,
    '/version_compatibility': 2,
    '/access_control': 2,
  },
}

/** Path of the entry that a place in a registry belongs to; undefined when it belongs to the document itself. */
export function entryPathOf(name: RegistryName, path: JsonPath): JsonPath | undefined {
  const depths = entryDepths[name]
  if (depths === undefined) return path.length > 0 ? path.slice(0, 1) : undefined
  const pointer = toPointer(path)
  const found = Object.entries(depths).find(([prefix]) => pointer.startsWith(`${prefix}/`))
  return found && path.length >= found[1] ? path.slice(0, found[1]) : undefined
}

/** Name of an entry for the list of what is quarantined: its id, or its JSON Pointer in the two documents. */
function toEntryName(name: RegistryName, path: JsonPath): string {
  return entryDepths[name] === undefined ? String(path[0]) : toPointer(path)
}

/** The document without the entries at these paths. What does not change is not copied. */
function withoutEntries(document: unknown, paths: readonly JsonPath[]): unknown {
  if (paths.length === 0) return document
  const inner = groupByFirst(paths)
  const isKept = ([key]: [unknown, unknown]) => !inner.get(String(key))?.some(({ length }) => length === 0)
  const copy = ([key, item]: [unknown, unknown]) => withoutEntries(item, inner.get(String(key)) ?? [])
  if (Array.isArray(document)) return [...document.entries()].filter(isKept).map(copy)
  if (!isJsonObject(document)) return document
  const result: Record<string, unknown> = Object.create(null)
  for (const member of Object.entries(document).filter(isKept)) result[member[0]] = copy(member)
  return result
}

function groupByFirst(paths: readonly JsonPath[]): ReadonlyMap<string, readonly JsonPath[]> {
  const groups = new Map<string, JsonPath[]>()
  for (const [first, ...rest] of paths) {
    const group = groups.get(String(first))
    if (group) group.push(rest)
    else groups.set(String(first), [rest])
  }
  return groups
}
