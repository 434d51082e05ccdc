import { NexusError } from '../../lib/errors.ts'
import { isJsonObject } from '../../lib/json/json-value.ts'
import type { Host } from '../../platform/host.ts'
import type { BulkTask, WorkerPool } from '../../platform/worker-task.ts'
import { isSubRegistry, type RegistryName, registryFiles, registryNames } from '../schema/names.ts'
import type { RegistryContents } from '../schema/registries.ts'
import type { LoadedRegistry } from '../snapshot.ts'

/** Reads the bytes of large registries in another thread. */
export interface LargeReader {
  /** Undefined when the file is small, or cannot be read there: then it is read here. */
  readonly read: <Name extends RegistryName>(
    file: LargeFile<Name>,
  ) => Promise<LoadedRegistry<Name> | undefined>
}

interface LargeFile<Name extends RegistryName = RegistryName> {
  readonly name: Name
  readonly path: string
  readonly bytes: Uint8Array
  /** SHA-256 of contents of this registry that were found valid before. */
  readonly knownHashes: readonly string[]
  /** SHA-256 of what the reader has already: then it is not handed over again. */
  readonly currentHash?: string | undefined
}

interface LargeReaderOptions {
  /** Called when a file is large enough to be read in the other thread. */
  readonly onBegin: () => void
  /** What is there already. */
  readonly findCurrent: <Name extends RegistryName>(name: Name) => LoadedRegistry<Name> | undefined
  /** Aborted when nothing is to be read any more. */
  readonly signal: AbortSignal | undefined
}

/** The result for a file that has not changed. */
const isCurrent = 'is current'

/** Entries that are handed over in one turn of the event loop: a few milliseconds. */
const entriesPerPart = 200

/** Longer than the largest registry takes on a busy machine, in milliseconds. */
const timeoutMs = 60_000

/** Reads large files in another thread, which takes their bytes: when it fails, `bytes` is empty. */
export function createLargeReader(
  { bulkBytes, doBulk }: WorkerPool,
  { onBegin, findCurrent, signal }: LargeReaderOptions,
): LargeReader {
  return {
    read: async <Name extends RegistryName>(file: LargeFile<Name>) => {
      const { name, bytes } = file
      if (bytes.length < bulkBytes || !isSubRegistry(name)) return undefined
      onBegin()
      const content: Record<string, unknown> = Object.create(null)
      const onPart = (part: unknown) => {
        dropPrototypes(part)
        for (const [id, entry] of toEntries(part)) content[id] = entry
      }
      const options = { timeoutMs, client: `registry ${name}`, onPart, ...(signal && { signal }) }
      const current = findCurrent(name)
      const outcome = await doBulk(toTask(file, current), options)
      if (outcome.outcome === 'cancelled') return current ?? interrupt()
      if (outcome.outcome !== 'done') return undefined
      return outcome.result === isCurrent ? current : toLoaded(name, outcome.result, content)
    },
  }
}

function toLoaded<Name extends RegistryName>(
  name: Name,
  result: unknown,
  content: unknown,
): LoadedRegistry<Name> | undefined {
  if (!isRegistryRest<Name>(result, name)) return undefined
  const { hasContent, ...rest } = result
  if (!hasContent) return { ...rest, content: undefined }
  return isCheckedThere<Name>(content) ? { ...rest, content } : undefined
}

function toTask(file: LargeFile, current: LoadedRegistry | undefined): BulkTask {
  const currentHash = current?.state === 'ok' ? current.sha256 : undefined
  const { buffer, length } = file.bytes
  const handOver = buffer instanceof ArrayBuffer && buffer.byteLength === length ? [buffer] : []
  return { kind: 'read-registry', input: { ...file, currentHash }, handOver }
}

/** What the other thread does: the entries come in parts, the rest is the result. */
export async function readLargeRegistry(
  input: unknown,
  sha256: (bytes: Uint8Array) => string,
): Promise<{ readonly result: unknown; readonly parts: Iterable<unknown> }> {
  if (!isLargeFile(input)) throw new Error('a registry to be read has a name, a path and bytes')
  const hash = sha256(input.bytes)
  if (hash === input.currentHash) return { result: isCurrent, parts: [] }
  const isKnown = () => input.knownHashes.includes(hash)
  const { content, ...rest } = await readRegistryBytes(input, { sha256: () => hash, isKnown })
  const result = { ...rest, hasContent: content !== undefined }
  return { result, parts: toParts(Object.entries(content ?? {})) }
}

// Reading it here instead would keep this thread from its end.
function interrupt(): never {
  throw new NexusError('interrupted', 'The end came before all registries were read')
}

interface RegistryRest<Name extends RegistryName> extends Omit<LoadedRegistry<Name>, 'content'> {
  readonly hasContent: boolean
}

function* toParts<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += entriesPerPart)
    yield list.slice(start, start + entriesPerPart)
}

function* toEntries(part: unknown): Generator<[string, unknown]> {
  if (!Array.isArray(part)) return
  for (const entry of part) if (Array.isArray(entry)) yield [String(entry[0]), entry[1]]
}

function isLargeFile(input: unknown): input is LargeFile {
  return typeof input === 'object' && input !== null && 'name' in input && 'bytes' in input
}

function isRegistryRest<Name extends RegistryName>(value: unknown, name: Name): value is RegistryRest<Name> {
  return typeof value === 'object' && value !== null && 'name' in value && value.name === name
}

// It was checked against the schema in the other thread, by the same program.
function isCheckedThere<Name extends RegistryName>(content: unknown): content is RegistryContents[Name] {
  return typeof content === 'object'
}

/** A registry whose bytes were valid before: it is read, and not checked again. */
function readKnownContent<Name extends RegistryName>(
  name: Name,
  path: string,
  bytes: Uint8Array,
): Omit<LoadedRegistry<Name>, 'sha256'> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const document: unknown = JSON.parse(text)
  dropPrototypes(document)
  if (!isContent<Name>(document)) throw new Error(`${path} is not what it was found to be`)
  return { name, path, text, state: 'ok', content: document, quarantined: [], diagnostics: [] }
}

// What it is was checked when the note was written, of these very bytes.
function isContent<Name extends RegistryName>(document: unknown): document is RegistryContents[Name] {
  if (!isJsonObject(document)) return false
  delete document.$schema
  return true
}

/** Takes the prototypes away: an id like `toString` must not be found where there is no entry of that name. */
function dropPrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) Object.setPrototypeOf(value, null)
  for (const inner of Object.values(value)) dropPrototypes(inner)
}

interface RegistryBytes<Name extends RegistryName> {
  readonly name: Name
  readonly path: string
  readonly bytes: Uint8Array
}

interface BytesTools {
  readonly sha256: (bytes: Uint8Array) => string
  /** Whether bytes with this SHA-256 were found valid before. */
  readonly isKnown: (sha256: string) => boolean
}

/** Reads the bytes of a registry file; what was found valid before is not checked again. */
export async function readRegistryBytes<Name extends RegistryName>(
  { name, path, bytes }: RegistryBytes<Name>,
  tools: BytesTools,
): Promise<LoadedRegistry<Name>> {
  const sha256 = tools.sha256(bytes)
  if (tools.isKnown(sha256)) return { ...readKnownContent(name, path, bytes), sha256 }
  const { parseRegistry } = await import('./parse-registry.ts')
  return { ...parseRegistry(name, path, bytes), sha256 }
}

/** Whether work on all files of a home would keep this thread from signals and requests. */
export async function isLargeHome(
  directory: string,
  { workers, fs, path }: Pick<Host, 'workers' | 'fs' | 'path'>,
): Promise<boolean> {
  const sizes = await Promise.all(
    registryNames.map(async name => {
      const info = await fs.stat(path.join(directory, registryFiles[name])).catch(() => undefined)
      return info?.size ?? 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0) >= workers.bulkBytes
}
