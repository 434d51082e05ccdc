import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { RequestHost } from '../../platform/host.ts'
import type { NetworkReach, WebResponse } from '../../platform/http.ts'
import type { Hyper } from '../../registry/schema/hyper.ts'
import { toRequestHeaders } from './upstream-health.ts'

export interface DocumentRequest {
  readonly url: string
  readonly reach: NetworkReach
  readonly token: string | undefined
  /** ETag of the local document, when it is unchanged since. */
  readonly etag: string | undefined
  /** `Last-Modified` of the local document, for servers without ETags. */
  readonly lastModified?: string | undefined
  readonly timeoutMs: number
  /** Most bytes of the document; `limits.upstreamBytes` by default. */
  readonly maxBytes?: number
}

/** The result of one attempt. Reasons are sentences without their full stop. */
export type Fetched =
  | ({ readonly outcome: 'unchanged' } & DocumentMarks)
  | ({ readonly outcome: 'received'; readonly body: Uint8Array; readonly type: string } & DocumentMarks)
  | FetchFailure

export interface DocumentMarks {
  readonly etag: string | null
  readonly lastModified: string | null
}

export interface FetchFailure {
  readonly outcome: 'failed'
  readonly reason: string
  /** Whether the upstream refused the document, or has none. */
  readonly isRefused: boolean
  /** Whether another attempt may succeed. */
  readonly isTemporary: boolean
  /** Retry-After of the upstream, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

/** Requests the document of an upstream once. */
export async function fetchDocument(request: DocumentRequest, host: RequestHost): Promise<Fetched> {
  const { url, reach, timeoutMs, token, etag, lastModified, maxBytes = limits.upstreamBytes } = request
  const answer = await host.sendRequest({
    url,
    reach,
    timeoutMs,
    maxBytes,
    isBodyKept: true,
    signal: host.interrupted,
    headers: {
      ...toRequestHeaders(token),
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
    },
  })
  if (answer.outcome === 'answered') return evaluateReply(answer, request, host)
  return { outcome: 'failed', isRefused: false, ...explainSilence(answer, request) }
}

type Silence = Exclude<WebResponse, { outcome: 'answered' }>

function explainSilence(
  answer: Silence,
  { url, reach, timeoutMs, maxBytes = limits.upstreamBytes }: DocumentRequest,
): Pick<FetchFailure, 'reason' | 'isTemporary'> {
  switch (answer.outcome) {
    case 'timed-out':
      return {
        reason: `${url} did not respond within ${Math.ceil(timeoutMs / 100) / 10} s`,
        isTemporary: true,
      }
    case 'refused':
      return { reason: `nothing listens at ${url}`, isTemporary: true }
    case 'failed':
      return { reason: `${url} does not respond: ${toCleanText(answer.reason)}`, isTemporary: true }
    case 'too-large':
      return { reason: `${url} sends more than ${maxBytes / 1024 ** 2} MiB`, isTemporary: false }
    case 'out-of-reach':
      return { reason: explainReach(url, reach), isTemporary: false }
  }
}

function explainReach(url: string, reach: NetworkReach): string {
  const { host, hostname } = new URL(url)
  const key = `"allow_private": [${JSON.stringify(hostname.replace(/^\[|\]$/g, ''))}]`
  const address = /^[\d.]+$|^\[|^localhost$/.test(hostname) ? '' : ' (or the address that it leads to)'
  if (reach.kind === 'listed')
    return `the token for ${url} is not sent without encryption: give the upstream an address of https, or allow it with ${key}${address} in your own configuration`
  return `${host} leads to this machine or a network near it: allow it with ${key}${address} in your own configuration`
}

type FetchReply = Extract<WebResponse, { outcome: 'answered' }>

const refusals: Readonly<Record<number, string>> = {
  401: 'it requires a token: name one under "upstreams" in your own configuration',
  403: 'it may not be read with this token, or without one',
  404: 'there is no such document',
  410: 'the document is gone',
}

function evaluateReply(
  { status, headers, body }: FetchReply,
  { url, etag, lastModified }: DocumentRequest,
  { clock }: RequestHost,
): Fetched {
  const marks = { etag: toTag(headers.etag), lastModified: toDate(headers['last-modified']) }
  if (status === 200) return { outcome: 'received', body, type: headers['content-type'] ?? '', ...marks }
  if (status === 304 && (etag ?? lastModified) !== undefined) return { outcome: 'unchanged', ...marks }
  const retryAfterMs = parseRetryAfter(headers['retry-after'], clock.now())
  const explanation =
    refusals[status] ?? explainRedirect(status, headers.location) ?? explainWait(retryAfterMs)
  return {
    outcome: 'failed',
    reason: `${url} responded with ${status}${explanation === undefined ? '' : `: ${explanation}`}`,
    isRefused: status in refusals,
    isTemporary: status === 408 || status === 429 || status >= 500,
    retryAfterMs,
  }
}

function explainRedirect(status: number, location: string | undefined): string | undefined {
  if (status < 300 || status > 399 || location === undefined) return undefined
  return `it leads to ${toCleanText(location)}, and is not followed: if that is right, make it the url`
}

function explainWait(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `it asks to wait for ${Math.ceil(ms / 1000)} s`
}

/** An entity tag that can be sent back (RFC 9110, 8.8.3); null for anything else. */
export function toTag(text: string | null | undefined): string | null {
  return text != null && /^(?:W\/)?"[\x21\x23-\x7e]{0,1000}"$/.test(text) ? text : null
}

function toDate(text: string | undefined): string | null {
  return text !== undefined && text.length <= 64 && !Number.isNaN(Date.parse(text)) ? text : null
}

/** Retries and deadlines of one poll. */
export interface PollPolicy {
  /** Retries after the first attempt. */
  readonly retries: number
  /** Deadline of an attempt, in milliseconds. */
  readonly timeoutMs: number
  /** Deadline of the poll with all attempts and pauses, in milliseconds. It ends before the next poll. */
  readonly totalMs: number
}

const firstPauseMs = 1000

/** Polls come at intervals that vary by a tenth, so a poll has ended before the shortest of them. */
const partOfInterval = 0.85

/** The specification's policy: each attempt and all of them together have a deadline. */
export function toPollPolicy({
  interval_seconds: interval,
  retry_attempts: retries,
  timeout_seconds: timeout,
}: Hyper['sync_protocol']): PollPolicy {
  const timeoutMs = timeout * 1000
  const needed = (retries + 1) * timeoutMs + sumOfPauses(retries)
  return { retries, timeoutMs, totalMs: Math.min(needed, interval * 1000 * partOfInterval) }
}

/** Pause before a retry, in milliseconds: 1, 2, 4 s and so on, or the Retry-After of the upstream. */
export function toPauseMs(retry: number, retryAfterMs: number | undefined): number {
  return Math.max(firstPauseMs * 2 ** (retry - 1), retryAfterMs ?? 0)
}

function sumOfPauses(retries: number): number {
  return firstPauseMs * (2 ** retries - 1)
}

/** Milliseconds of a `Retry-After` in seconds or as a date; undefined when there is none. */
function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : Math.max(0, time - now)
}
