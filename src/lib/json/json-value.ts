/** Path of keys and indexes from the root of a document to a value. */
export type JsonPath = readonly (string | number)[]

/** JSON Pointer (RFC 6901) of a path. */
export function toPointer(path: JsonPath): string {
  return path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
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
