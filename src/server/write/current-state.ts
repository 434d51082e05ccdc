import { type JsonNode, toValue } from '../../lib/json/json-node.ts'
import { isJsonObject, mergePatch } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import type { Host } from '../../platform/host.ts'
import { toWrittenEntry, withoutMarks } from '../../registry/entries.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { isSubRegistry, type RegistryName, registryFiles } from '../../registry/schema/names.ts'
import { toEntityTag, toEntryText, toServedText } from '../bodies.ts'
import type { Change, Target } from './write-request.ts'

/** The value that a registry has after a change. */
export function toNextValue(change: Change, standing: CurrentState, registry: RegistryName): unknown {
  const here = standing.value ?? {}
  if (change.kind === 'document') return toDocument(change.value, standing, registry)
  const next = Object.assign(createMembers(), here)
  if (change.kind === 'delete') delete next[change.id]
  else next[change.id] = toEntry(change.id, toBody(change, here), standing)
  return next
}

// What is left out and is no business of the writer stays: he may not even have seen it.
function toDocument(value: unknown, standing: CurrentState, registry: RegistryName): unknown {
  if (!isJsonObject(value)) return value
  const next = createMembers()
  const kept = registry === 'hyper' ? ['$schema', 'access_control'] : ['$schema']
  for (const key of kept) {
    const here = standing.value?.[key]
    if (here !== undefined && !Object.hasOwn(value, key)) next[key] = here
  }
  for (const [key, item] of Object.entries(value)) {
    const isEntry = isSubRegistry(registry) && key !== '$schema'
    next[key] = isEntry ? toEntry(key, item, standing) : item
  }
  return next
}

function toBody(
  change: Extract<Change, { readonly value: unknown }> & { readonly id: string },
  here: Members,
) {
  if (change.kind === 'put') return change.value
  return mergePatch(withoutMarks(here[change.id]), change.value)
}

// A broken entry has never run anything, and whoever trusts the home has not seen it: what takes its place is new.
function toEntry(id: string, entry: unknown, { sound }: CurrentState): unknown {
  if (!isJsonObject(entry)) return entry
  const here = sound && Object.hasOwn(sound, id) ? sound[id] : undefined
  return toWrittenEntry(entry, isJsonObject(here) ? here : undefined)
}

function createMembers(): Record<string, unknown> {
  return Object.create(null)
}

/** A registry's file as it stands at the moment of a write. */
export interface CurrentState {
  readonly text: string | undefined
  /** Whether the parser finds nothing wrong with its text; what fits to its schema is another question. */
  readonly isPlain: boolean
  /** All that stands in it, sound or not; undefined when it is no object of JSON, or not there. */
  readonly value: Members | undefined
  /** The sound part of that; undefined when there is none. */
  readonly sound: Members | undefined
  /** Text that readers get. */
  readonly served: string | undefined
}

type Members = Readonly<Record<string, unknown>>

/** Reads a registry's text for a write. */
export function readCurrentState(name: RegistryName, text: string | undefined): CurrentState {
  if (text === undefined)
    return { text, isPlain: true, value: undefined, sound: undefined, served: undefined }
  const { root, errors } = parseJson(text)
  const loaded = parseRegistry(name, registryFiles[name], new TextEncoder().encode(text))
  return {
    text,
    isPlain: errors.length === 0,
    value: toMembers(root),
    sound: loaded.content,
    served: toServedText(loaded),
  }
}

function toMembers(root: JsonNode | undefined): Members | undefined {
  const value = root && toValue(root)
  return isJsonObject(value) ? value : undefined
}

/** What a change would change, as preconditions see it. */
export function toTarget(standing: CurrentState, change: Change, host: Pick<Host, 'sha256'>): Target {
  const { text, value, sound, served } = standing
  const tag = (shown: string | undefined) =>
    shown === undefined ? undefined : toEntityTag(host.sha256(shown))
  if (change.kind === 'document') {
    const isThere = text !== undefined
    return { isThere, isShown: isThere, etag: tag(served) }
  }
  const { id } = change
  const isThere = value !== undefined && id !== '$schema' && Object.hasOwn(value, id)
  const isShown = sound !== undefined && Object.hasOwn(sound, id)
  return { isThere, isShown, etag: tag(isShown ? toEntryText(sound[id]) : undefined) }
}
