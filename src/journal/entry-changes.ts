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

/** A changed registry file, as the journal and the undo data need it: each text is parsed once. */
export interface ChangedFile extends TextChange {
  readonly before: string
  /** What the text after it was parsed to; undefined when it is no JSON. */
  readonly root: JsonNode | undefined
  /** What people change. What a sync found (`detected`) is left out. */
  readonly members: readonly MemberChange[]
  /** Hash of a value after the change by its path; null where there is none. */
  readonly hashAt: (path: readonly string[]) => string | null
}

/** Compares the two texts of a registry file. */
export function toChangedFile({ name, before = '{}', after }: TextChange, host: HashHost): ChangedFile {
  const { root } = parseJson(after)
  const members = listMemberChanges(before, after, { isIgnored: path => isDetected(name, path), root })
  return { name, before, after, root, members, hashAt: createHashAt(after, host, root) }
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
export function toEntryChanges({ name, members, hashAt }: ChangedFile): EntryChange[] {
  const groups = new Map<string, { path: readonly string[]; members: MemberChange[] }>()
  for (const each of members) {
    if (each.path[0] === '$schema' || isCount(name, each.path)) continue
    const path = partOf(name, each.path)
    const group = groups.get(path.join('/'))
    if (group) group.members.push(each)
    else groups.set(path.join('/'), { path, members: [each] })
  }
  return [...groups].map(([part, group]) => toEntryChange({ ref: `${name}/${part}`, ...group }, hashAt))
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

function toEntryChange({ ref, path, members }: ChangedPart, hashAt: ChangedFile['hashAt']): EntryChange {
  const [first] = members
  const isWhole = first?.path.length === path.length
  if (isWhole && first.after === undefined) return { ref, change: 'removed' }
  const hash = hashAt(path)
  const own = hash === null ? {} : { hash }
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

/** Hashes of the values of a text by their path: null where there is none. The empty path is the whole document. */
export function createHashAt(
  text: string | undefined,
  host: HashHost,
  parsed?: JsonNode,
): (path: readonly string[]) => string | null {
  let members: ReadonlyMap<string, JsonNode> | undefined
  const hashes = new Map<string, string>()
  return path => {
    const [key, ...inner] = path
    if (key === undefined) return host.sha256(withoutDetected(text ?? '')).slice(0, 16)
    members ??= indexMembers(parsed ?? parseJson(text ?? '{}').root)
    const top = members.get(key)
    const node = top && findJsonNode(top, inner)
    if (node === undefined) return null
    const name = JSON.stringify(path)
    const hash = hashes.get(name) ?? hashEntry(toValue(node), host)
    hashes.set(name, hash)
    return hash
  }
}

function indexMembers(root: JsonNode | undefined): ReadonlyMap<string, JsonNode> {
  return new Map(root?.kind === 'object' ? root.members.map(({ key, value }) => [key, value]) : [])
}
