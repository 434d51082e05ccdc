import type { RegistryStatus, UpstreamReport } from '../../detection/sync-report.ts'
import { ageSeconds, judgeFreshness } from '../../registry/freshness.ts'
import type { SubRegistryName } from '../../registry/schema/names.ts'
import { type SyncState, waitsUntil } from '../../registry/sync-state.ts'
import type { UpstreamPlan } from './plan-upstream.ts'
import type { Polled } from './poll-source.ts'

/** What a sync with an upstream means for its registry. */
export interface UpstreamResult extends Pick<RegistryStatus, 'status' | 'source' | 'warnings'> {
  readonly name: SubRegistryName
  readonly upstream: UpstreamReport
  readonly durationMs: number
}

interface Parts {
  readonly polled: Polled
  readonly plan: UpstreamPlan | undefined
  /** After the poll. */
  readonly state: SyncState
  /** Milliseconds since 1970. */
  readonly now: number
  /** How old a copy may be. */
  readonly ttlSeconds: number
}

/** Puts together what is told of a poll. */
export function toUpstreamResult({ polled, plan, state, now, ttlSeconds }: Parts): UpstreamResult {
  const { source, found, durationMs } = polled
  const { created, updated, removed } = plan?.kind === 'planned' ? plan : nothing
  const { quarantined, warnings } = found.kind === 'registry' ? found : nothing
  const age = ageSeconds(state.last_success, now)
  const upstream = {
    url: source.url,
    created,
    updated,
    removed,
    quarantined,
    health: state.upstream_health ?? 'unknown',
    age_seconds: age ?? null,
    error: state.error,
  }
  const common = { name: source.name, upstream, durationMs }
  const told = warnings.map(warning => `${source.url}: ${warning}`)
  if (state.error === null) return { ...common, status: 'ok', source: 'remote', warnings: told }
  const status = judgeFreshness(state, now, ttlSeconds) === 'stale' ? 'stale' : 'failed'
  const wait = found.kind === 'waiting' ? explainWait(state, now) : ''
  const failure = `${source.name}: ${state.error}; ${wait}${explainCopy(state, age)}`
  return { ...common, status, source: 'cache', warnings: [failure, ...told] }
}

const nothing = { created: [], updated: [], removed: [], quarantined: [], warnings: [] } as const

function explainWait(state: SyncState, now: number): string {
  const left = Math.ceil(((waitsUntil(state, now) ?? now) - now) / 1000)
  return `it is left alone for another ${left} s, and sync --force asks all the same; `
}

function explainCopy({ is_refused: isRefused }: SyncState, age: number | undefined): string {
  if (age === undefined) return 'what is here never came from there'
  const copy = age < 0 ? 'of unknown age' : `${age} s old`
  return isRefused ? `what is here is ${copy}, and does not stand in for that` : `what is here is ${copy}`
}
