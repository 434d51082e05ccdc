/** Whether two values of JSON are the same. The order of keys does not count. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) return Array.isArray(right) && isSameList(left, right)
  if (!isJsonObject(left) || !isJsonObject(right)) return left === right
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every(key => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
  )
}

function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => isSameJson(item, right[index]))
}

/** Path of keys and indexes from the root of a document to a value. */
export type JsonPath = readonly (string | number)[]

/** JSON Pointer (RFC 6901) of a path. */
export function toPointer(path: JsonPath): string {
  return path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The keys of a JSON Pointer. */
export function parsePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function isJsonObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path; undefined when there is none. Only what a document itself holds is found. */
export function valueAt(document: unknown, path: JsonPath): unknown {
  let value = document
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)]
    else value = isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined
  }
  return value
}

/** Keys of two objects whose values differ, or that only one of them has. */
export function listChangedKeys(before: unknown, after: unknown): string[] {
  const keys = [before, after].flatMap(value => (isJsonObject(value) ? Object.keys(value) : []))
  return [...new Set(keys)].filter(key => !isSameJson(valueAt(before, [key]), valueAt(after, [key])))
}

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

/** The value that a JSON Pointer (RFC 6901) leads to; undefined when there is none. */
export function valueAtPointer(document: unknown, pointer: string): unknown {
  let value = document
  for (const key of parsePointer(pointer)) {
    if (Array.isArray(value)) value = /^(?:0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined
    else value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}
