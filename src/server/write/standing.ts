import { type JsonNode, toValue } from '../../lib/json/json-node.ts'
import { isJsonObject } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import type { Host } from '../../platform/host.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { type RegistryName, registryFiles } from '../../registry/schema/names.ts'
import { toEntityTag } from '../entity-tag.ts'
import { toEntryText } from '../entry-text.ts'
import { toServedText } from '../registry-body.ts'
import type { Target } from './precondition.ts'
import type { Change } from './write-order.ts'

/** A registry's file as it stands at the moment of a write. */
export interface Standing {
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

export type Members = Readonly<Record<string, unknown>>

/** Reads a registry's text for a write. */
export function readStanding(name: RegistryName, text: string | undefined): Standing {
  if (text === undefined)
    return { text, isPlain: true, value: undefined, sound: undefined, served: undefined }
  const { root, faults } = parseJson(text)
  const loaded = parseRegistry(name, registryFiles[name], new TextEncoder().encode(text))
  return {
    text,
    isPlain: faults.length === 0,
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
export function toTarget(standing: Standing, change: Change, host: Pick<Host, 'sha256'>): Target {
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
