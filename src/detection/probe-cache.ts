import { isJsonObject } from '../lib/json/json-value.ts'
import { program } from '../lib/program.ts'
import type { UserFilesHost } from '../platform/host.ts'
import { cacheDirectory } from '../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../registry/home/files.ts'
import type { ProbeCache } from './probe.ts'

interface CacheEntry {
  readonly value: unknown
  /** Wall clock, milliseconds since 1970. */
  readonly usedAt: number
}

type CacheEntries = Map<string, CacheEntry>

const mostEntries = 2000
const mostBytes = 4 * 1024 * 1024

/** Use is noted once a day: a run that only reads writes nothing. */
const useResolutionMs = 24 * 60 * 60 * 1000

/**
 * Opens the cache of probes. With `ignore`, only values of this run are returned.
 * `save` writes what is new; neither ever throws: without a cache, things only take longer.
 */
export async function openProbeCache(
  options: { ignore: boolean },
  host: UserFilesHost,
): Promise<ProbeCache & { save(): Promise<void> }> {
  const directory = cacheDirectory(host)
  const path = directory && host.path.join(directory, 'probes.json')
  const stored: CacheEntries = path ? await loadEntries(path, host) : new Map()
  const known: CacheEntries = options.ignore ? new Map() : stored
  const fresh: CacheEntries = new Map()
  return {
    get: key => {
      const entry = fresh.get(key) ?? known.get(key)
      if (entry && isUseOutdated(entry, host)) fresh.set(key, { ...entry, usedAt: host.clock.now() })
      return entry?.value
    },
    set: (key, value) => {
      if (isSame((fresh.get(key) ?? known.get(key))?.value, value)) return
      fresh.set(key, { value, usedAt: host.clock.now() })
    },
    hint: key => (fresh.get(key) ?? stored.get(key))?.value,
    save: async () => {
      if (path && fresh.size > 0) await saveEntries(path, fresh, host).catch(() => undefined)
    },
  }
}

function isUseOutdated(entry: CacheEntry, host: UserFilesHost): boolean {
  return Math.abs(host.clock.now() - entry.usedAt) > useResolutionMs
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

async function loadEntries(path: string, host: UserFilesHost): Promise<CacheEntries> {
  try {
    return parseEntries(await readPrivateFile(path, mostBytes, host))
  } catch {
    // A cache that cannot be read is as good as none.
    return new Map()
  }
}

function parseEntries(text: string | undefined): CacheEntries {
  const entries: CacheEntries = new Map()
  const content: unknown = text === undefined ? undefined : JSON.parse(text)
  // What another version remembers may mean something else there.
  if (!isJsonObject(content) || content.version !== program.version) return entries
  if (!isJsonObject(content.entries)) return entries
  for (const [key, entry] of Object.entries(content.entries)) {
    if (isJsonObject(entry) && typeof entry.usedAt === 'number')
      entries.set(key, { value: entry.value, usedAt: entry.usedAt })
  }
  return entries
}

// Another process may have saved since this one loaded: its entries are kept.
async function saveEntries(path: string, fresh: CacheEntries, host: UserFilesHost): Promise<void> {
  const stored = await loadEntries(path, host)
  const now = host.clock.now()
  const newestFirst = [...new Map([...stored, ...fresh])]
    // A time to come is from before the clock was set back.
    .map(([key, entry]) => [key, { ...entry, usedAt: Math.min(entry.usedAt, now) }] as const)
    .sort(([, a], [, b]) => b.usedAt - a.usedAt)
    .slice(0, mostEntries)
  await writePrivateFile(path, renderEntries(newestFirst), host, { isDurable: false })
}

function renderEntries(entries: readonly (readonly [string, CacheEntry])[]): string {
  const content = { version: program.version, entries: Object.fromEntries(entries) }
  return `${JSON.stringify(content)}\n`
}

/** Says whether a value has a shape. For what the program itself has stored: it starts sooner than a schema would. */
type Shape<T> = (value: unknown) => value is T

export type ShapeOf<S> = S extends Shape<infer T> ? T : never

export const isText: Shape<string> = value => typeof value === 'string'

export const isNumber: Shape<number> = value => typeof value === 'number'

export function isExactly<const T extends string | boolean>(expected: T): Shape<T> {
  return (value): value is T => value === expected
}

export function isNullable<T>(shape: Shape<T>): Shape<T | null> {
  return value => value === null || shape(value)
}

export function isOptional<T>(shape: Shape<T>): Shape<T | undefined> {
  return value => value === undefined || shape(value)
}

export function isListOf<T>(shape: Shape<T>): Shape<T[]> {
  return value => Array.isArray(value) && value.every(shape)
}

/** A list of exactly these, in this order. */
export function isTupleOf<T extends readonly unknown[]>(
  ...shapes: { [K in keyof T]: Shape<T[K]> }
): Shape<T> {
  return (value): value is T =>
    Array.isArray(value) &&
    value.length === shapes.length &&
    shapes.every((shape, index) => shape(value[index]))
}

export function isOneOf<T extends readonly unknown[]>(
  ...shapes: { [K in keyof T]: Shape<T[K]> }
): Shape<T[number]> {
  return (value): value is T[number] => shapes.some(shape => shape(value))
}

type ObjectOf<T> = { [K in keyof T]: T[K] extends Shape<infer V> ? V : never }

/** An object with at least these keys. */
export function isObjectOf<T extends Readonly<Record<string, Shape<unknown>>>>(
  shapes: T,
): Shape<ObjectOf<T>> {
  const fields = Object.entries(shapes)
  return (value): value is ObjectOf<T> =>
    isJsonObject(value) && fields.every(([key, shape]) => shape(value[key]))
}
