import {
  detectLayout,
  isOneLine,
  type Layout,
  rebuildObject,
  renderJson,
  reorderJson,
  sortMembers,
} from '../lib/json/edit-json.ts'
import { type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject, isSameJson } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { writtenMark } from './schema/common.ts'

type KeyRank = (key: string) => number

/**
 * The text of a registry that holds these entries. What does not change keeps its place and its own text, to the byte;
 * new entries come last, and the keys of new and changed entries by their rank. Without a document it is a new one.
 */
export function renderEntries(
  local: LocalDocument | undefined,
  entries: ReadonlyMap<string, unknown>,
  toRank: KeyRank,
): string {
  if (local === undefined) {
    const sorted = [...entries].map(([id, value]) => [id, sortKeys(value, toRank)])
    return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`
  }
  const { text, root } = local
  const layout = detectLayout(text)
  const members = new Map(root.members.map(({ key, value }) => [key, value]))
  const schema = members.get('$schema')
  const values = new Map(schema ? [['$schema', sliceOf(text, schema)]] : [])
  for (const [id, value] of entries) {
    const node = members.get(id)
    const isSame = node !== undefined && isSameJson(local.entries.get(id)?.value, value)
    values.set(id, isSame ? sliceOf(text, node) : renderEntry({ text, node, value, layout }, toRank))
  }
  return (
    text.slice(0, root.start) +
    rebuildObject({ text, object: root, layout, depth: 1 }, values) +
    text.slice(root.end)
  )
}

function sliceOf(text: string, { start, end }: JsonNode): string {
  return text.slice(start, end)
}

interface ChangedEntry {
  readonly text: string
  /** Where it stands; undefined for a new one. */
  readonly node: JsonNode | undefined
  readonly value: unknown
  readonly layout: Layout
}

function renderEntry({ text, node, value, layout }: ChangedEntry, toRank: KeyRank): string {
  if (node?.kind !== 'object' || !isJsonObject(value)) return renderJson(sortKeys(value, toRank), layout, 1)
  const inner = isOneLine({ text, object: node }) ? { ...layout, indent: undefined } : layout
  const members = new Map(node.members.map(({ key, value: item }) => [key, item]))
  const values = Object.entries(value).map(([key, item]): [string, string] => {
    const own = members.get(key)
    return [key, own && isSameJson(toValue(own), item) ? sliceOf(text, own) : renderJson(item, inner, 2)]
  })
  return reorder(rebuildObject({ text, object: node, layout, depth: 2 }, new Map(values)), toRank)
}

function reorder(entry: string, toRank: KeyRank): string {
  const { root } = parseJson(entry)
  const sorted = root?.kind === 'object' ? sortMembers(root, toRank) : undefined
  return sorted ? reorderJson(entry, [sorted]) : entry
}

function sortKeys(value: unknown, toRank: KeyRank): unknown {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => toRank(a) - toRank(b)))
}

/** A registry file as it stands here. */
interface LocalDocument {
  readonly text: string
  readonly root: JsonNode & { readonly kind: 'object' }
  /** Without `$schema`. Of duplicate ids the last counts. */
  readonly entries: ReadonlyMap<string, LocalEntry>
}

export interface LocalEntry {
  readonly id: string
  readonly value: unknown
  /** Whether it is of this home alone: no upstream changes it. */
  readonly isLocal: boolean
}

/** Entries of a registry file, valid or not; undefined when it is no object of JSON, or not there. */
export function readLocalEntries(text: string | undefined): LocalDocument | undefined {
  const root = text === undefined ? undefined : parseJson(text).root
  if (text === undefined || root?.kind !== 'object') return undefined
  const entries = root.members
    .filter(({ key }) => key !== '$schema')
    .map(({ key, value: node }): [string, LocalEntry] => {
      const value = toValue(node)
      return [key, { id: key, value, isLocal: isJsonObject(value) && value['x-local'] === true }]
    })
  return { text, root, entries: new Map(entries) }
}

/** What decides what `detected` is about: when one of them changes, it is about something else. */
const requestedFields = [
  'detection',
  'probe',
  'version_check',
  'version_pattern',
  'import_name',
  'distribution',
  'url',
  'health_endpoint',
  'endpoint',
  'base_url',
  'auth_type',
  'key_env',
]

type Entry = Readonly<Record<string, unknown>>

/**
 * An entry of an upstream as it is kept here: with what was found on this machine, and where it came from. What the
 * upstream says of either does not count.
 */
export function toMarkedEntry(entry: unknown, here: unknown, url: string): Entry {
  const own = withoutMarks(entry)
  const detected = isJsonObject(here) && isSameRequest(own, here) ? here.detected : undefined
  return withMarks(own, { detected, 'x-upstream': url })
}

/**
 * An entry that was written over HTTP as it is stored, where `here` is the valid entry that it replaces.
 * The marks are those of the entry that is here; one that requests or runs something else than that one, or is new, came
 * over the network from now on. What the writer says of marks does not count.
 */
export function toWrittenEntry(entry: Entry, here: Entry | undefined): Entry {
  const own = withoutMarks(entry)
  if (here === undefined) return withMarks(own, { 'x-upstream': writtenMark })
  const isKept = isSameRequest(own, here)
  return withMarks(own, {
    detected: isKept ? here.detected : undefined,
    'x-local': here['x-local'],
    'x-upstream': isKept ? here['x-upstream'] : writtenMark,
  })
}

/** An entry without what only this program writes into it. */
export function withoutMarks(entry: unknown): Entry {
  if (!isJsonObject(entry)) return {}
  const { detected: _, 'x-local': __, 'x-upstream': ___, ...rest } = entry
  return rest
}

function withMarks(own: Entry, marks: Entry): Entry {
  const known = Object.entries(marks).filter(([, value]) => value !== undefined)
  return { ...own, ...Object.fromEntries(known) }
}

/** An entry without what was found on this machine; any other value as it is. */
export function withoutDetection(entry: unknown): unknown {
  if (!isJsonObject(entry) || entry.detected === undefined) return entry
  const { detected: _, ...rest } = entry
  return rest
}

/** A new form of an entry, with what was found on this machine as long as it requests and runs the same. */
export function keepDetected(entry: unknown, here: unknown): unknown {
  if (!isJsonObject(entry) || !isJsonObject(here) || here.detected === undefined) return entry
  return isSameRequest(entry, here) ? { ...entry, detected: here.detected } : entry
}

function isSameRequest(entry: Entry, here: Entry): boolean {
  return requestedFields.every(field => isSameJson(entry[field], here[field]))
}
