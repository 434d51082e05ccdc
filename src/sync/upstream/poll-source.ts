import pRetry from 'p-retry'
import type { NetworkConfig } from '../../config/config.ts'
import { createRedactor } from '../../lib/text/text.ts'
import type { Host, RequestHost } from '../../platform/host.ts'
import type { NetworkReach } from '../../platform/http.ts'
import { withoutDetected } from '../../registry/load/load-snapshot.ts'
import { sleepUnlessInterrupted, throwIfInterrupted } from '../../registry/lock/lock-state.ts'
import { type SyncState, waitsUntil } from '../../registry/sync-state.ts'
import type { UpstreamSource } from '../../registry/upstream-source.ts'
import {
  type DocumentMarks,
  type DocumentRequest,
  type Fetched,
  type FetchFailure,
  fetchDocument,
  type PollPolicy,
  toPauseMs,
  toTag,
} from './fetch-document.ts'
import { parseUpstream, type UpstreamDocument } from './parse-upstream.ts'
import { loadBearerToken, requestUpstreamHealth, type UpstreamHealth } from './upstream-health.ts'

type SourceHost = Pick<Host, 'env' | 'fs' | 'uid' | 'sendRequest' | 'interrupted' | 'clock' | 'sha256'>

interface SourceRequest {
  readonly source: UpstreamSource
  /** Text of the registry's local file; undefined when there is none. */
  readonly text: string | undefined
  /** State after the last poll. */
  readonly state: SyncState | undefined
  readonly network: NetworkConfig
  readonly policy: PollPolicy
  /** Why the upstream may not be polled; undefined when it may. */
  readonly refusal?: string | undefined
  /** Whether to request the document without ETag, and in spite of Retry-After. */
  readonly isForced: boolean
}

interface FailedPoll {
  readonly kind: 'failed'
  readonly reason: string
  readonly isRefused: boolean
  /** Retry-After of the upstream, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

/** The result of polling an upstream. Sentences have no full stop. */
export interface Polled {
  readonly source: UpstreamSource
  readonly found:
    | ({ readonly kind: 'unchanged' } & DocumentMarks)
    | (Extract<UpstreamDocument, { kind: 'registry' }> & DocumentMarks)
    | FailedPoll
    /** It was not polled because of an earlier Retry-After: the state stays. */
    | { readonly kind: 'waiting'; readonly state: SyncState }
  /** The health that it reports itself, if it has replied by now. */
  readonly settleHealth: () => Promise<UpstreamHealth>
  readonly durationMs: number
}

/** Polls one upstream. Errors are part of the result; throws only when the user interrupts. */
export async function pollSource(request: SourceRequest, host: SourceHost): Promise<Polled> {
  const { source, network } = request
  const waiting = findWaiting(request, host)
  if (waiting !== undefined)
    return { source, found: { kind: 'waiting', state: waiting }, settleHealth: unknownHealth, durationMs: 0 }
  const start = host.clock.elapsed()
  const { token, problem } = await loadBearerToken(source.url, network, host)
  const durationMs = () => host.clock.elapsed() - start
  const refusal = request.refusal ?? problem
  if (refusal !== undefined) {
    const found = {
      kind: 'failed',
      reason: `${source.url} is not polled: ${refusal}`,
      isRefused: false,
    } as const
    return { source, found, settleHealth: unknownHealth, durationMs: durationMs() }
  }
  const call = { url: source.url, reach: toUpstreamReach(source.url, token, network), token }
  const health = requestUpstreamHealth(
    { ...call, name: source.name, timeoutMs: request.policy.timeoutMs },
    host,
  )
  const fetched = await pollUpstream({ ...call, etag: toKnownTag(request, host) }, request.policy, host)
  const found = withoutSecret(evaluatePoll(fetched, source), token)
  return { source, found, settleHealth: health.settle, durationMs: durationMs() }
}

const unknownHealth = async () => 'unknown' as const

function findWaiting(
  { source, state, isForced }: SourceRequest,
  { clock }: SourceHost,
): SyncState | undefined {
  if (isForced || state?.url !== source.url) return undefined
  return waitsUntil(state, clock.now()) === undefined ? undefined : state
}

/**
 * Which addresses a request to an upstream may reach. Everybody on the network can read an unencrypted token: it is sent
 * only where the user allows that.
 */
export function toUpstreamReach(
  url: string,
  token: string | undefined,
  { allowPrivate }: NetworkConfig,
): NetworkReach {
  return token !== undefined && url.startsWith('http:')
    ? { kind: 'listed', addresses: allowPrivate }
    : { kind: 'public', alsoPrivate: allowPrivate }
}

// Only while the file is unchanged since the last success: else "not modified" would be about another content.
function toKnownTag({ source, text, state, isForced }: SourceRequest, host: SourceHost): string | undefined {
  if (isForced || text === undefined || state?.url !== source.url) return undefined
  const isSame = state.file_sha256 === host.sha256(withoutDetected(text))
  return isSame ? (toTag(state.etag) ?? undefined) : undefined
}

// An upstream may send the token back, in a redirect or in a document, and messages about that go into logs, states and
// alerts.
function withoutSecret(found: Polled['found'], token: string | undefined): Polled['found'] {
  if (token === undefined || found.kind === 'unchanged' || found.kind === 'waiting') return found
  const redact = createRedactor([token])
  return found.kind === 'failed'
    ? { ...found, reason: redact(found.reason) }
    : { ...found, warnings: found.warnings.map(redact) }
}

function evaluatePoll(fetched: Fetched, { name, url }: UpstreamSource): Polled['found'] {
  if (fetched.outcome === 'failed') {
    const { reason, isRefused, isTemporary, retryAfterMs } = fetched
    return { kind: 'failed', reason, isRefused, retryAfterMs: isTemporary ? retryAfterMs : undefined }
  }
  const { etag, lastModified } = fetched
  if (fetched.outcome === 'unchanged') return { kind: 'unchanged', etag, lastModified }
  const document = parseUpstream(name, fetched)
  if (document.kind === 'unusable')
    return {
      kind: 'failed',
      reason: `the document of ${url} is not a registry: ${document.reason}`,
      isRefused: false,
    }
  return { ...document, etag, lastModified }
}

/**
 * Requests the document of an upstream, and retries after a pause while the error is temporary. Ends before the policy's
 * deadline; throws only when the user interrupts.
 */
export async function pollUpstream(
  request: Omit<DocumentRequest, 'timeoutMs'>,
  policy: PollPolicy,
  host: RequestHost,
): Promise<Fetched> {
  const { clock } = host
  const end = clock.elapsed() + policy.totalMs
  let failure: FetchFailure | undefined
  const attempt = async () => {
    const timeoutMs = Math.max(1, Math.floor(Math.min(policy.timeoutMs, end - clock.elapsed())))
    const fetched = await fetchDocument({ ...request, timeoutMs }, host)
    throwIfInterrupted(host)
    failure = fetched.outcome === 'failed' ? fetched : undefined
    if (failure?.isTemporary) throw new Error(failure.reason)
    return fetched
  }
  // The library counts the retries; the pauses use the host's clock.
  const shouldRetry = async ({ attemptNumber }: { attemptNumber: number }) => {
    if (failure === undefined) return false
    const pause = toPauseMs(attemptNumber, failure.retryAfterMs)
    if (clock.elapsed() + pause >= end) return false
    await sleepUnlessInterrupted(pause, host)
    return true
  }
  try {
    return await pRetry(attempt, { retries: policy.retries, minTimeout: 0, shouldRetry })
  } catch (error) {
    if (failure === undefined || host.interrupted.aborted) throw error
    return failure
  }
}
