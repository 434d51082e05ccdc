export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/** Path of keys and indexes from the root of a document to a value. */
export type JsonPath = readonly (string | number)[]

/** JSON Pointer (RFC 6901) of a path. */
export function toPointer(path: JsonPath): string {
  return path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function isJsonObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
