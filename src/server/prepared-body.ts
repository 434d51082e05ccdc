import { negotiate } from '@fastify/accept-negotiator'
import type { Encoding } from '../platform/encoding.ts'
import type { Host } from '../platform/host.ts'
import type { HttpAnswer, HttpHeaders } from '../platform/http-answer.ts'
import type { HttpRequest } from '../platform/http-request.ts'
import { isKnownTag } from './entity-tag.ts'
import { securityHeaders } from './security-headers.ts'

/** A body in every form in which it may be sent, each made once, when it is first asked for. */
export interface PreparedBody {
  /** Strong, of the body as it is. Its packed forms have one each. */
  readonly etag: string
  /** Answers a request: with the body, or with 304 when the client has it. */
  readonly answer: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>
}

export interface BodyToPrepare {
  readonly body: Uint8Array | string
  readonly type: string
  /** SHA-256 of the body; it is taken where it is known. */
  readonly sha256?: string | undefined
  /** `private` when not everybody may see it. */
  readonly audience: 'public' | 'private'
  readonly headers?: HttpHeaders
}

/** Shorter ones get no smaller, or not enough to be worth it. */
const shortestPacked = 512

interface Form {
  readonly etag: string
  readonly whole: HttpAnswer
  readonly unchanged: HttpAnswer
}

/** Prepares a body to be served again and again from memory. */
export function prepareBody(wanted: BodyToPrepare, host: Pick<Host, 'sha256' | 'compress'>): PreparedBody {
  const bytes = typeof wanted.body === 'string' ? new TextEncoder().encode(wanted.body) : wanted.body
  const tag = (wanted.sha256 ?? host.sha256(bytes)).slice(0, 32)
  const plain = toForm(wanted, bytes, tag, undefined)
  const packed = new Map<Encoding, Promise<Form> | Form>()
  const pack = (encoding: Encoding): Promise<Form> | Form => {
    const known = packed.get(encoding)
    if (known) return known
    const form = host.compress(bytes, encoding).then(smaller => {
      const made = toForm(wanted, smaller, tag, encoding)
      packed.set(encoding, made)
      return made
    })
    packed.set(encoding, form)
    return form
  }
  const offered = bytes.length < shortestPacked ? [] : encodings
  return {
    etag: plain.etag,
    answer: request => {
      const accepted = request.header('accept-encoding')
      const encoding = accepted === undefined ? undefined : chooseEncoding(accepted, offered)
      if (encoding === undefined) return choose(plain, request)
      const form = pack(encoding)
      return form instanceof Promise ? form.then(made => choose(made, request)) : choose(form, request)
    },
  }
}

const encodings: Encoding[] = ['br', 'gzip']

function chooseEncoding(accepted: string, offered: Encoding[]): Encoding | undefined {
  if (offered.length === 0 || accepted === 'identity') return undefined
  return negotiate(accepted.toLowerCase(), offered) ?? undefined
}

function choose({ etag, whole, unchanged }: Form, request: HttpRequest): HttpAnswer {
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
