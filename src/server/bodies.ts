import { negotiate } from '@fastify/accept-negotiator'
import type { Host } from '../platform/host.ts'
import type { Encoding, FullResponse, HttpHeaders, HttpRequest, HttpResponse } from '../platform/http.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import type { Revision } from './revision.ts'

type BodyHost = Pick<Host, 'sha256' | 'compress'>

const bodies = new WeakMap<LoadedRegistry, { readonly audience: string; readonly body: PreparedBody }>()

/** The document of a registry, ready to be sent; undefined when there is none. */
export function toRegistryBody(
  name: RegistryName,
  { snapshot, matrix }: Revision,
  host: BodyHost,
): PreparedBody | undefined {
  const registry = snapshot.registries[name]
  const audience = matrix[name].read === 'public' ? 'public' : 'private'
  const known = bodies.get(registry)
  if (known?.audience === audience) return known.body
  const text = toServedText(registry)
  if (text === undefined) return undefined
  // The text of a file encodes to the very bytes that were read.
  const sha256 = text === registry.text && registry.copy === undefined ? registry.sha256 : undefined
  const body = prepareBody({ body: text, type: 'application/json', audience, sha256 }, host)
  bodies.set(registry, { audience, body })
  return body
}

// A valid file is served unchanged, with its numbers and order of keys. Of a file with errors, and of a backup, the valid
// part is served.
export function toServedText({
  state,
  text,
  content,
  quarantined,
}: Pick<LoadedRegistry, 'state' | 'text' | 'content' | 'quarantined'>): string | undefined {
  if (state === 'ok' && text !== undefined && quarantined.length === 0) return text
  return content === undefined ? undefined : `${JSON.stringify(content, null, 2)}\n`
}

/** A body, uncompressed and compressed. Each form is made once, with the first request for it. */
export interface PreparedBody {
  /** Strong, of the body as it is. Compressed forms have their own. */
  readonly etag: string
  /** Responds with the body, or with 304 when the client has it. */
  readonly answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>
}

interface BodyToPrepare {
  readonly body: Uint8Array | string
  readonly type: string
  /** SHA-256 of the body; it is taken where it is known. */
  readonly sha256?: string | undefined
  /** `private` for a registry that is not public. */
  readonly audience: 'public' | 'private'
  readonly headers?: HttpHeaders
}

/** Compression is not worth it for shorter bodies. */
const minCompressedBytes = 512

interface Form {
  readonly etag: string
  readonly whole: HttpResponse
  readonly unchanged: HttpResponse
}

/** Prepares a body to be served again and again from memory. */
export function prepareBody(wanted: BodyToPrepare, host: Pick<Host, 'sha256' | 'compress'>): PreparedBody {
  const bytes = typeof wanted.body === 'string' ? new TextEncoder().encode(wanted.body) : wanted.body
  const tag = (wanted.sha256 ?? host.sha256(bytes)).slice(0, 32)
  const plain = toForm(wanted, bytes, tag, undefined)
  const compressed = new Map<Encoding, Promise<Form> | Form>()
  const compress = (encoding: Encoding): Promise<Form> | Form => {
    const known = compressed.get(encoding)
    if (known) return known
    const form = host.compress(bytes, encoding).then(smaller => {
      const made = toForm(wanted, smaller, tag, encoding)
      compressed.set(encoding, made)
      return made
    })
    compressed.set(encoding, form)
    return form
  }
  const offered = bytes.length < minCompressedBytes ? [] : encodings
  return {
    etag: plain.etag,
    answer: request => {
      const accepted = request.header('accept-encoding')
      const encoding = accepted === undefined ? undefined : chooseEncoding(accepted, offered)
      if (encoding === undefined) return choose(plain, request)
      const form = compress(encoding)
      return form instanceof Promise ? form.then(made => choose(made, request)) : choose(form, request)
    },
  }
}

const encodings: Encoding[] = ['br', 'gzip']

function chooseEncoding(accepted: string, offered: Encoding[]): Encoding | undefined {
  if (offered.length === 0 || accepted === 'identity') return undefined
  return negotiate(accepted.toLowerCase(), offered) ?? undefined
}

function choose({ etag, whole, unchanged }: Form, request: HttpRequest): HttpResponse {
  const known = request.header('if-none-match')
  return known !== undefined && isKnownTag(known, etag) ? unchanged : whole
}

function toForm(
  { type, audience, headers: own = {} }: BodyToPrepare,
  body: Uint8Array,
  tag: string,
  encoding: Encoding | undefined,
): Form {
  const etag = `"${tag}${encoding ? `-${encoding}` : ''}"`
  const cache = audience === 'public' ? 'no-cache' : 'private, no-cache'
  const both = {
    ...securityHeaders,
    'cache-control': cache,
    vary: 'Accept-Encoding, Authorization',
    ...own,
    etag,
  }
  const headers = {
    ...both,
    'content-type': type,
    'content-length': String(body.length),
    ...(encoding && { 'content-encoding': encoding }),
  }
  return {
    etag,
    whole: { status: 200, headers, body, isFinal: true },
    unchanged: { status: 304, headers: both, body: '', isFinal: true },
  }
}

/** Strong tag of a body with this SHA-256. */
export function toEntityTag(sha256: string): string {
  return `"${sha256.slice(0, 32)}"`
}

/** Whether `If-None-Match` lists this tag. */
export function isKnownTag(known: string, etag: string): boolean {
  return known === etag || listTags(known).some(tag => tag === '*' || withoutWeakness(tag) === etag)
}

/**
 * Whether `If-Match` lists this tag. The tags of compressed forms count as the same. Weak tags never match (RFC 9110, 13.1.1).
 */
export function isExpectedTag(expected: string, etag: string): boolean {
  return listTags(expected).some(tag => tag === '*' || tag.replace(/-(?:br|gzip)"$/, '"') === etag)
}

function listTags(header: string): string[] {
  return header.split(',').map(tag => tag.trim())
}

function withoutWeakness(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag
}

/** Headers of every response for browsers: no sniffing, no scripts, no frames, no referrer. */
const securityHeaders: HttpHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

export function withSecurity(answer: HttpResponse): HttpResponse {
  if ('isFinal' in answer) return answer
  return { ...answer, headers: { ...securityHeaders, ...answer.headers } }
}

/** A response with a current value, which no cache may store. */
export function toJsonResponse(
  value: unknown,
  { status = 200, headers = {}, isCompact = false }: JsonResponseOptions = {},
): FullResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify(value, null, isCompact ? 0 : 2)}\n`,
  }
}

interface JsonResponseOptions {
  readonly status?: number
  readonly headers?: HttpHeaders
  /** Without spaces: for what programs read, and not people. */
  readonly isCompact?: boolean
}

/** The text of an entry as it is served. */
export function toEntryText(entry: unknown): string {
  return `${JSON.stringify(entry, null, 2)}\n`
}
