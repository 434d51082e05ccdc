import { findJsonNode, type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { listMemberChanges, type MemberChange } from '../lib/json/member-changes.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { Host } from '../platform/host.ts'
import { withoutDetected } from '../registry/load/load-snapshot.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { EntryChange } from './journal.ts'

type HashHost = Pick<Host, 'sha256'>

/** A text of a registry file before and after a change; undefined where there is none. */
export interface TextChange {
  readonly name: RegistryName
  readonly before: string | undefined
  readonly after: string
}

/** What people change in a registry file. What a sync found (`detected`) is left out. */
export function listFileChanges({ name, before = '{}', after }: TextChange): MemberChange[] {
  if (withoutDetected(before) === withoutDetected(after) && name !== 'hyper' && name !== 'dashboard')
    return []
  return listMemberChanges(before, after, { isIgnored: path => isDetected(name, path) })
}

function isDetected(name: RegistryName, path: readonly string[]): boolean {
  return path.length === 2 && path[1] === 'detected' && name !== 'hyper' && name !== 'dashboard'
}

/** Whether a member is a number of entries, which follows from the entries themselves. */
export function isCount(name: RegistryName, path: readonly string[]): boolean {
  if (name === 'hyper') return path.length === 3 && path[2] === 'entries_count_expected'
  return name === 'adapters' && path.length === 2 && path[1] === 'providers'
}

/** Changed entries of a registry file, for the journal. Counts that follow from others are left out. */
export function toEntryChanges(change: TextChange, host: HashHost): EntryChange[] {
  const groups = new Map<string, MemberChange[]>()
  for (const each of listFileChanges(change)) {
    if (each.path[0] === '$schema' || isCount(change.name, each.path)) continue
    const part = partOf(change.name, each.path).join('/')
    groups.set(part, [...(groups.get(part) ?? []), each])
  }
  const { root } = groups.size === 0 ? { root: undefined } : parseJson(change.after)
  return [...groups].map(([part, members]) => {
    const path = partOf(change.name, members[0]?.path ?? [])
    return toEntryChange({ ref: `${change.name}/${part}`, path, members }, root, host)
  })
}

/** Path of what a change is a part of: an entry, or what is one in the hyper and the dashboard registry. */
function partOf(name: RegistryName, path: readonly string[]): readonly string[] {
  if (name === 'dashboard' && path[0] === 'sections' && path[2] === 'entries') return path.slice(0, 4)
  if (name === 'hyper' && path[0] === 'sub_registries') return path.slice(0, 2)
  return path.slice(0, 1)
}

interface ChangedPart {
  readonly ref: string
  readonly path: readonly string[]
  readonly members: readonly MemberChange[]
}

function toEntryChange(
  { ref, path, members }: ChangedPart,
  root: JsonNode | undefined,
  host: HashHost,
): EntryChange {
  const [first] = members
  const isWhole = first?.path.length === path.length
  if (isWhole && first.after === undefined) return { ref, change: 'removed' }
  const node = root && findJsonNode(root, path)
  const hash = node && hashEntry(toValue(node), host)
  const own = hash === undefined ? {} : { hash }
  if (isWhole && first.before === undefined) return { ref, change: 'added', ...own }
  const fields = [...new Set(members.flatMap(member => member.path[path.length] ?? []))].sort()
  return { ref, change: 'changed', ...(fields.length > 0 && { fields }), ...own }
}

/** Tells two contents of an entry apart. What follows from other things (`detected`, counts) does not count. */
export function hashEntry(entry: unknown, { sha256 }: HashHost): string {
  return sha256(JSON.stringify(toComparable(entry))).slice(0, 16)
}

function toComparable(entry: unknown): unknown {
  if (!isJsonObject(entry)) return entry
  const { detected: _, providers, ...rest } = entry
  return typeof providers === 'number' ? rest : { ...rest, providers }
}

/** Hashes of the members of a text by their path: null where there is none. The empty path is the whole document. */
export function createHashAt(
  text: string | undefined,
  host: HashHost,
): (path: readonly string[]) => string | null {
  const { root } = parseJson(text ?? '{}')
  return path => {
    if (path.length === 0) return host.sha256(withoutDetected(text ?? '')).slice(0, 16)
    const node = root && findJsonNode(root, path)
    return node === undefined ? null : hashEntry(toValue(node), host)
  }
}
