import { toValue } from '../../lib/json/json-node.ts'
import { isJsonObject, mergePatch } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { parsePlainJson } from '../../lib/json/parse-plain-json.ts'
import type { Host } from '../../platform/host.ts'
import { toWrittenEntry, withoutMarks } from '../../registry/entries.ts'
import { isSubRegistry } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { toEntityTag, toEntryText, toServedText } from '../bodies.ts'
import type { Change, Target } from './write-request.ts'

/** A registry's file at the time of a write. */
export interface CurrentState {
  readonly loaded: LoadedRegistry
  /** Whether the parser finds no error; the schema may. */
  readonly isPlain: boolean
  /** The whole file, with broken entries; undefined when it is missing or not a JSON object. */
  readonly value: Members | undefined
}

type Members = Readonly<Record<string, unknown>>

export function toCurrentState(loaded: LoadedRegistry): CurrentState {
  const { text } = loaded
  if (text === undefined) return { loaded, isPlain: true, value: undefined }
  const plain = parsePlainJson(text)
  if (plain) return { loaded, isPlain: true, value: toMembers(plain.value) }
  const { root, errors } = parseJson(text)
  return { loaded, isPlain: errors.length === 0, value: toMembers(root && toValue(root)) }
}

function toMembers(value: unknown): Members | undefined {
  return isJsonObject(value) ? value : undefined
}

/** What a change finds, as preconditions see it. */
export function toTarget(
  { loaded, value }: CurrentState,
  change: Change,
  host: Pick<Host, 'sha256'>,
): Target {
  const etag = toShownTag(loaded, change, host)
  if (change.kind === 'document') {
    const exists = loaded.text !== undefined
    return { exists, isShown: exists, etag }
  }
  const { id } = change
  const exists = value !== undefined && id !== '$schema' && Object.hasOwn(value, id)
  return { exists, isShown: loaded.content !== undefined && Object.hasOwn(loaded.content, id), etag }
}

/** ETag of what GET returns for the document or entry that a change is about. */
export function toShownTag(
  loaded: LoadedRegistry,
  change: Change,
  { sha256 }: Pick<Host, 'sha256'>,
): string | undefined {
  if (change.kind === 'document') {
    const shown = toServedText(loaded)
    if (shown === undefined) return undefined
    const known = shown === loaded.text ? loaded.sha256 : undefined
    return toEntityTag(known ?? sha256(shown))
  }
  const entries: Members = loaded.content ?? {}
  return Object.hasOwn(entries, change.id) ? toEntityTag(sha256(toEntryText(entries[change.id]))) : undefined
}

/** The value of a registry after a change. */
export function toNextValue(change: Change, current: CurrentState): unknown {
  if (change.kind === 'document') return toDocument(change.value, current)
  const before = current.value ?? {}
  const next = Object.assign(createMembers(), before)
  if (change.kind === 'delete') delete next[change.id]
  else next[change.id] = toEntry(change.id, toEntryBody(change, before), current)
  return next
}

// What a document omits and its writer may not even have seen stays.
function toDocument(value: unknown, current: CurrentState): unknown {
  if (!isJsonObject(value)) return value
  const { name } = current.loaded
  const next = createMembers()
  const kept = name === 'hyper' ? ['$schema', 'access_control'] : ['$schema']
  for (const key of kept) {
    const before = current.value?.[key]
    if (before !== undefined && !Object.hasOwn(value, key)) next[key] = before
  }
  for (const [key, item] of Object.entries(value)) {
    const isEntry = isSubRegistry(name) && key !== '$schema'
    next[key] = isEntry ? toEntry(key, item, current) : item
  }
  return next
}

function toEntryBody(
  change: Extract<Change, { readonly value: unknown }> & { readonly id: string },
  before: Members,
) {
  if (change.kind === 'put') return change.value
  return mergePatch(withoutMarks(before[change.id]), change.value)
}

// A broken entry never ran anything, and the user who trusted the home did not see it: its replacement counts as new.
function toEntry(id: string, entry: unknown, { loaded }: CurrentState): unknown {
  if (!isJsonObject(entry)) return entry
  const valid: Members = loaded.content ?? {}
  const before = Object.hasOwn(valid, id) ? valid[id] : undefined
  return toWrittenEntry(entry, isJsonObject(before) ? before : undefined)
}

function createMembers(): Record<string, unknown> {
  return Object.create(null)
}
