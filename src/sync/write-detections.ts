import { editJson } from '../lib/json/edit-json.ts'
import { findNode, type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { isExtension } from '../registry/schema/extensions.ts'

/** Something that was found, and when. */
interface Dated {
  readonly checked_at: string
}

/** What was found in one registry, by id. */
export interface RegistryFindings {
  readonly detections: Readonly<Record<string, Dated>>
  /** The entries as they stood when they were looked for. */
  readonly entries: Readonly<Record<string, unknown>>
}

/**
 * The text of a registry with new detections in its entries, and everything else as it was. An entry that is gone or
 * was changed meanwhile is left out, and so is one that another sync has looked for later than this one. A new
 * `detected` stands where `validate --fix` wants it: behind the known keys, before `x-` keys. `now` is the wall clock,
 * milliseconds since 1970.
 */
export function writeDetections(
  text: string,
  { detections, entries }: RegistryFindings,
  now: number,
): string {
  return editJson(text, root =>
    Object.entries(detections)
      .filter(([id, detected]) => {
        const entry = readEntry(root, id)
        return (
          isSameQuestion(entry, Object.hasOwn(entries, id) ? entries[id] : undefined) &&
          !isLater(entry?.detected, detected, now)
        )
      })
      .map(([id, detected]) => ({ parent: [id], key: 'detected', value: detected, isBefore: isExtension })),
  )
}

function readEntry(root: JsonNode, id: string): Readonly<Record<string, unknown>> | undefined {
  const node = findNode(root, [id])
  const entry = node && toValue(node)
  return isJsonObject(entry) ? entry : undefined
}

function isSameQuestion(entry: unknown, looked: unknown): boolean {
  return isJsonObject(entry) && isJsonObject(looked) && toQuestion(entry) === toQuestion(looked)
}

function toQuestion(entry: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...entry, detected: undefined })
}

// A time to come is from before the clock was set back: it must not keep its place until then.
function isLater(existing: unknown, detected: Dated, now: number): boolean {
  if (!isJsonObject(existing) || typeof existing.checked_at !== 'string') return false
  const checkedAt = Date.parse(existing.checked_at)
  return checkedAt > Date.parse(detected.checked_at) && checkedAt <= now
}
