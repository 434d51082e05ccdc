import type { NetworkConfig } from '../config/config.ts'
import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { decodeText, parsePlainJson } from '../lib/json/parse-plain-json.ts'
import { limits } from '../lib/limits.ts'
import { createRedactor } from '../lib/text/text.ts'
import type { Host, RequestHost, UserFilesHost } from '../platform/host.ts'
import { cacheDirectory } from '../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../registry/home/files.ts'
import { type DocumentMarks, fetchDocument } from '../sync/upstream/fetch-document.ts'
import { toUpstreamReach } from '../sync/upstream/poll-source.ts'
import { loadBearerToken } from '../sync/upstream/upstream-health.ts'
import { importFormats } from './formats/index.ts'
import type { ImportFormat } from './import-record.ts'
import type { SourceMark } from './merge-record.ts'
import { toObject } from './source-values.ts'

type SourceHost = UserFilesHost & RequestHost & Pick<Host, 'cwd' | 'readInput'>

export interface SourceRequest {
  readonly format: ImportFormat
  /** A file, an address, or `-` for stdin; undefined for the format's own address. */
  readonly from: string | undefined
  /** Address to request instead of the format's own. */
  readonly mirror: string | undefined
  readonly network: NetworkConfig
}

export interface ReadSource {
  /** A document that matches the format. */
  readonly document: unknown
  readonly mark: SourceMark
}

interface SourceText {
  /** How messages call it. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly mark: SourceMark
}

/**
 * Reads a catalogue from a file, a pipe or an address; without either, requests the format's own address once. Throws a
 * NexusError for what cannot be read, and for a document of another format.
 */
export async function readSource(request: SourceRequest, host: SourceHost): Promise<ReadSource> {
  const source = await readBytes(request, host)
  return { document: parseSource(source, request.format), mark: source.mark }
}

async function readBytes(request: SourceRequest, host: SourceHost): Promise<SourceText> {
  const { from, format, mirror } = request
  const today = toUtcDay(host.clock.now())
  if (from === '-') {
    const bytes = await host.readInput(limits.importBytes).catch(cause => failToRead('stdin', cause))
    return { name: 'stdin', bytes, mark: { url: format.url, retrieved_on: today } }
  }
  if (from !== undefined && !/^https?:\/\//i.test(from)) return readFile(from, request, host)
  const url = from ?? mirror ?? format.url
  if (!URL.canParse(url) || new URL(url).username !== '')
    throw new NexusError('usage', `${url} is no address that can be requested`, {
      hint: 'Give an address like https://example.com/models.json, without a user name',
    })
  const bytes = await fetchSource(url, request.network, host)
  const { origin, pathname } = new URL(url)
  return { name: url, bytes, mark: { url: `${origin}${pathname}`, retrieved_on: today } }
}

/** A file was read from its source on the day of its last change, at the latest. */
async function readFile(from: string, { format }: SourceRequest, host: SourceHost): Promise<SourceText> {
  const path = host.path.resolve(host.cwd, from)
  const info = await host.fs.stat(path).catch(cause => failToRead(path, cause))
  if (info === undefined)
    throw new NexusError('input', `${path} does not exist`, {
      hint: `Name a file of ${format.name}, or leave it out: then ${format.url} is requested`,
    })
  if (info.kind === 'directory')
    throw new NexusError('input', `${path} is a directory, and a source is one JSON file`, {
      hint:
        format.name === 'models.dev'
          ? 'A tree of TOML files has entries that are only differences. Its build writes them out as api.json: import that, or leave FILE out'
          : `Name a file of ${format.name} in it`,
    })
  // A pipe, as the shell makes for <(…).
  const read =
    info.kind === 'other'
      ? host.readInput(limits.importBytes, path)
      : host.fs.readBytes(path, limits.importBytes)
  const bytes = (await read.catch(cause => failToRead(path, cause))) ?? new Uint8Array()
  const day = toUtcDay(Math.min(info.kind === 'file' ? info.mtimeMs : host.clock.now(), host.clock.now()))
  return { name: path, bytes, mark: { url: format.url, retrieved_on: day } }
}

function failToRead(name: string, cause: unknown): never {
  const isLarge = systemErrorCode(cause) === 'EFBIG'
  const most = limits.importBytes / 1024 ** 2
  const what = isLarge ? `has more than ${most} MiB, the limit` : `cannot be read: ${errorMessage(cause)}`
  throw new NexusError('input', `${name} ${what}. Nothing was changed`, {
    hint: isLarge ? 'No known catalogue is that large: check which file it is' : 'Check who may read it',
    cause,
  })
}

function toUtcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** One conditional request. The last document is cached, with what the server needs to say that it is unchanged. */
async function fetchSource(url: string, network: NetworkConfig, host: SourceHost): Promise<Uint8Array> {
  const { token, problem } = await loadBearerToken(url, network, host)
  if (problem !== undefined) throw toFetchError(`${url} is not requested: ${problem}`)
  const cached = await loadCached(url, host)
  const fetched = await fetchDocument(
    {
      url,
      reach: toUpstreamReach(url, token, network),
      token,
      etag: cached?.etag ?? undefined,
      lastModified: cached?.lastModified ?? undefined,
      timeoutMs: limits.importTimeoutMs,
      maxBytes: limits.importBytes,
    },
    host,
  )
  if (fetched.outcome === 'failed') {
    const redact = createRedactor(token === undefined ? [] : [token])
    throw toFetchError(redact(fetched.reason))
  }
  if (fetched.outcome === 'unchanged') return new TextEncoder().encode(cached?.text ?? '')
  await saveCached(url, fetched, fetched.body, host)
  return fetched.body
}

function toFetchError(reason: string): NexusError {
  return new NexusError('input', `${reason}. Nothing was changed`, {
    hint: 'Download it by other means and name the file, or set a mirror under "imports" in your configuration',
  })
}

type CachedSource = DocumentMarks & { readonly text: string }

function cachePath(url: string, host: SourceHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'imports', host.sha256(url).slice(0, 32))
}

/** Most bytes of the line before the cached document. */
const headBytes = 8192

// A cache that cannot be read costs a download.
async function loadCached(url: string, host: SourceHost): Promise<CachedSource | undefined> {
  const path = cachePath(url, host)
  const text =
    path && (await readPrivateFile(path, limits.importBytes + headBytes, host).catch(() => undefined))
  const end = text?.indexOf('\n') ?? -1
  if (text === undefined || end < 0) return undefined
  const head = toObject(parsePlainJson(text.slice(0, end))?.value)
  const toText = (value: unknown) => (typeof value === 'string' ? value : null)
  if (head.url !== url) return undefined
  return { etag: toText(head.etag), lastModified: toText(head.last_modified), text: text.slice(end + 1) }
}

// Only what is UTF-8 comes back the same.
async function saveCached(
  url: string,
  marks: DocumentMarks,
  body: Uint8Array,
  host: SourceHost,
): Promise<void> {
  const path = cachePath(url, host)
  const { text, error } = decodeText(body)
  const { etag, lastModified } = marks
  if (path === undefined || error !== undefined || (etag ?? lastModified) === null) return
  const head = JSON.stringify({ url, etag, last_modified: lastModified })
  await writePrivateFile(path, `${head}\n${text}`, host, { isDurable: false }).catch(() => undefined)
}

/** The document in a source's bytes. Throws a NexusError('input') when it is not of the format. */
export function parseSource(
  { name, bytes }: Pick<SourceText, 'name' | 'bytes'>,
  format: ImportFormat,
): unknown {
  const { text: raw, error } = decodeText(bytes)
  const text = raw.startsWith('\ufeff') ? raw.slice(1) : raw
  if (error) throw toFormatError(name, `is no text: ${error.message}`)
  if (text.trim() === '') throw toFormatError(name, 'is empty')
  if (/^\s*</.test(text))
    throw toFormatError(
      name,
      'is a web page or XML, not JSON',
      'It may be the page of an error or of a login: open it in an editor',
    )
  const document = parsePlainJson(text)?.value ?? parseWithErrors(name, text)
  if (format.matches(document)) return document
  const other = importFormats.find(each => each !== format && each.matches(document))
  if (other)
    throw toFormatError(
      name,
      `is not of the format of ${format.name}: it looks like the format of ${other.name}`,
      `nexus-registry import ${other.name} FILE`,
    )
  throw toFormatError(name, `is not of the format of ${format.name}: ${describeDocument(document)}`)
}

function toFormatError(
  name: string,
  what: string,
  hint = 'nexus-registry import --help says what each format is',
): NexusError {
  return new NexusError('input', `${name} ${what}. Nothing was changed`, { hint })
}

// Of a key that stands twice the last one counts, as in every JSON parser.
function parseWithErrors(name: string, text: string): unknown {
  const { root, value, errors } = parseJson(text)
  const [first] = errors
  if (root !== undefined) return value
  const line = text.slice(0, first?.start ?? 0).split('\n').length
  const isHalf = first !== undefined && first.start >= text.trimEnd().length - 1
  const hint = isHalf
    ? 'The file ends in the middle: download it again'
    : 'Download it again, or correct it there'
  throw toFormatError(name, `is not valid JSON: line ${line}: ${first?.message ?? 'unknown error'}`, hint)
}

function describeDocument(document: unknown): string {
  if (Array.isArray(document))
    return document.length === 0 ? 'it is an empty list' : 'it is a list of something else'
  if (!isJsonObject(document)) return `it is a ${document === null ? 'null' : typeof document}`
  const entries = Object.values(document)
  if (entries.length === 0) return 'it is an empty object'
  const isRegistry = entries.some(
    each => isJsonObject(each) && Array.isArray(each.capabilities) && 'context_tokens' in each,
  )
  if (isRegistry) return 'it looks like a model registry of nexus-registry'
  const isPiAi = Object.keys(toObject(entries[0])).some(key => /^(?:chat|image|classifier):/.test(key))
  if (isPiAi) return 'it looks like the data of pi-ai, which cannot be imported'
  if (isJsonObject(document.providers)) return 'its providers are not at its top'
  return 'it has none of the fields that this format has'
}
