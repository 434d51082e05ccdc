import { isJsonObject } from './json-value.ts'

/** The value that a JSON Merge Patch (RFC 7396) makes of another one: null takes a member away. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  const result: Record<string, unknown> = Object.create(null)
  if (isJsonObject(target)) Object.assign(result, target)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}
