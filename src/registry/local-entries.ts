import { type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'

/** A registry file as it stands here. */
export interface LocalDocument {
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

/** Entries of a registry file, sound or not; undefined when it is no object of JSON, or not there. */
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
