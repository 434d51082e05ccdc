import { isSameJson } from '../../../core/json/is-same-json.ts'
import { isJsonObject } from '../../../core/json/json-value.ts'

/** What decides what `detected` is about: when one of them changes, it tells of something else. */
const askedFields = [
  'detection',
  'probe',
  'version_check',
  'version_pattern',
  'import_name',
  'url',
  'health_endpoint',
  'endpoint',
  'key_env',
]

/**
 * An entry of an upstream as it is kept here: with what was found on this machine, and where it came from. What the
 * upstream says of either does not count.
 */
export function toMarkedEntry(entry: unknown, here: unknown, url: string): Readonly<Record<string, unknown>> {
  const own = withoutMarks(entry)
  const detected = isJsonObject(here) && isSameQuestion(own, here) ? here.detected : undefined
  const marked = { ...own, 'x-upstream': url }
  return detected === undefined ? marked : { ...marked, detected }
}

/** An entry without what only this program writes into it. */
export function withoutMarks(entry: unknown): Readonly<Record<string, unknown>> {
  if (!isJsonObject(entry)) return {}
  const { detected: _, 'x-local': __, 'x-upstream': ___, ...rest } = entry
  return rest
}

function isSameQuestion(
  entry: Readonly<Record<string, unknown>>,
  here: Readonly<Record<string, unknown>>,
): boolean {
  return askedFields.every(field => isSameJson(entry[field], here[field]))
}
