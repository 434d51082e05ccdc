import { limits } from '../limits.ts'
import type { JsonError } from './json-scanner.ts'

/** Keys that reach into prototypes where a later program assigns them one by one. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * The value of a valid JSON text, without positions:
 * three times as fast as `parseJson`. Undefined when the text may be invalid; `parseJson` finds the errors. Never throws.
 */
export function parsePlainJson(text: string): { readonly value: unknown } | undefined {
  const value = parse(text)
  if (value === undefined) return undefined
  const counts = { values: 0, keys: 0 }
  // Of a key that stands twice, the value has one: then the text has more of them.
  return isPlain(value, 0, counts) && counts.keys === countKeys(text) ? { value } : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a value keeps all bounds. Takes the prototypes away: an id like `toString` must not be found everywhere. */
function isPlain(value: unknown, depth: number, counts: { values: number; keys: number }): boolean {
  counts.values += 1
  if (counts.values > limits.jsonValues) return false
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= limits.jsonDepth) return false
  if (Array.isArray(value))
    return value.length <= limits.jsonItems && value.every(item => isPlain(item, depth + 1, counts))
  const keys = Object.keys(value)
  counts.keys += keys.length
  if (keys.length > limits.jsonItems || !keys.every(isPlainKey)) return false
  const isPlainInside = Object.values(value).every(inner => isPlain(inner, depth + 1, counts))
  Object.setPrototypeOf(value, null)
  return isPlainInside
}

function isPlainKey(key: string): boolean {
  return key.length <= limits.jsonKeyLength && !forbiddenKeys.has(key)
}

const quote = 0x22
const space = 0x20

/** Number of keys of a valid JSON text, and of strings that look like the end of one: never too low. */
function countKeys(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    let before = at - 1
    while (before > 0 && text.charCodeAt(before) <= space) before -= 1
    if (text.charCodeAt(before) === quote) count += 1
  }
  return count
}

/** Decodes UTF-8. With an error the text is a best effort, for positions only. */
export function decodeText(bytes: Uint8Array): { text: string; error?: JsonError } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    const start = findInvalidByte(bytes, text)
    const message = isUtf16(bytes) ? 'the file is written in UTF-16, not UTF-8' : 'a byte here is not UTF-8'
    const hint = 'Save the file as UTF-8'
    return { text, error: { rule: 'encoding', message, hint, start, end: start + 1, pointer: '' } }
  }
}

// Replacement characters may stand in a file rightly: the first byte that does not come back is the wrong one.
function findInvalidByte(bytes: Uint8Array, text: string): number {
  const again = new TextEncoder().encode(text)
  let valid = 0
  while (valid < bytes.length && bytes[valid] === again[valid]) valid += 1
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return decoder.decode(bytes.subarray(0, valid), { stream: true }).length
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}
