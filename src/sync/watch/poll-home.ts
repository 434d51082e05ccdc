import type { DetectionChange, RegistryStatus } from '../../detection/report.ts'
import { NexusError } from '../../lib/errors.ts'
import { isJsonObject } from '../../lib/json/json-value.ts'
import type { Host, UserFilesHost } from '../../platform/host.ts'
import { type RegistryName, registryNames, subRegistryNames } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { loadSyncStates, saveSyncState } from '../../registry/sync-state.ts'
import type { SyncResult } from '../sync.ts'
import type { UpstreamChange, WatchRequest } from './watch-events.ts'

/** The result of one poll. */
export type Poll =
  | {
      readonly outcome: 'synced'
      readonly changes: readonly DetectionChange[]
      readonly upstreams: readonly UpstreamChange[]
      readonly durationMs: number
      readonly warnings: readonly string[]
      readonly intervalMs: number
      /** Registries with an upstream: their changes during the poll are its own. */
      readonly synced: readonly RegistryName[]
    }
  | {
      readonly outcome: 'failed'
      readonly error: unknown
      /** Sentences about alerts that could not be sent. */
      readonly warnings: readonly string[]
    }

export interface PollRequest extends Pick<WatchRequest, 'home' | 'options' | 'sync'> {
  /** Whether the poll before succeeded. */
  readonly isFirst: boolean
}

/** Syncs a home once. Never rejects. */
export async function pollHome(request: PollRequest, host: Host): Promise<Poll> {
  const { home, options, sync } = request
  try {
    await requireHome(home.directory, host)
    const result = await sync(home, options, host)
    // A home that was removed meanwhile would count as empty, without an interval.
    await requireHome(home.directory, host)
    return toPoll(result)
  } catch (error) {
    return { outcome: 'failed', error, warnings: await sendFailureAlert(error, request, host) }
  }
}

async function sendFailureAlert(
  error: unknown,
  { home, options: { alerts, isDryRun }, isFirst }: PollRequest,
  host: Host,
): Promise<readonly string[]> {
  // An interrupted poll did not fail.
  if (alerts === undefined || isDryRun || host.interrupted.aborted) return []
  const { alertFailure } = await import('../alert/alert.ts')
  return alertFailure({ home: home.directory, error, isFirst }, alerts, host)
}

function toPoll({ report, snapshot, notes }: SyncResult): Poll {
  const { hyper } = snapshot.registries
  const warnings = Object.values(report.registries).flatMap(status => status.warnings)
  return {
    outcome: 'synced',
    changes: report.changes,
    upstreams: registryNames.flatMap(name => toUpstreamChange(name, report.registries[name])),
    durationMs: report.duration_ms,
    warnings: [...notes, ...warnings],
    intervalMs: pollIntervalSeconds(hyper) * 1000,
    synced: subRegistryNames.filter(name => hyper.content?.sub_registries[name]?.url !== undefined),
  }
}

function toUpstreamChange(registry: RegistryName, { upstream }: RegistryStatus): UpstreamChange[] {
  const [created = 0, updated = 0, removed = 0] = [
    upstream?.created,
    upstream?.updated,
    upstream?.removed,
  ].map(ids => ids?.length)
  return created + updated + removed === 0 ? [] : [{ registry, created, updated, removed }]
}

async function requireHome(directory: string, { fs }: Pick<Host, 'fs'>): Promise<void> {
  const info = await fs.stat(directory)
  if (info?.kind === 'directory') return
  throw new NexusError('home', `The registry home ${directory} is not there`, {
    hint: 'The daemon continues when it is back',
  })
}

/** Bounds of the interval in seconds, as in the schema. */
const bounds = { least: 1, most: 86_400 } as const
const defaultSeconds = 60

/**
 * Time between two polls of a home in seconds: from its `sync_protocol`, else its `metadata`, else 60. A document that
 * is broken elsewhere still counts.
 */
export function pollIntervalSeconds(hyper: Pick<LoadedRegistry<'hyper'>, 'content' | 'text'>): number {
  if (hyper.content) return hyper.content.sync_protocol.interval_seconds
  const document = parseLeniently(hyper.text)
  return (
    secondsAt(document, 'sync_protocol', 'interval_seconds') ??
    secondsAt(document, 'metadata', 'sync_interval_seconds') ??
    defaultSeconds
  )
}

function parseLeniently(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function secondsAt(document: unknown, section: string, key: string): number | undefined {
  const part = isJsonObject(document) ? document[section] : undefined
  const seconds = isJsonObject(part) ? part[key] : undefined
  const isUsable =
    Number.isInteger(seconds) && Number(seconds) >= bounds.least && Number(seconds) <= bounds.most
  return isUsable ? Number(seconds) : undefined
}

/** Writes the time of the next attempt into all states, ISO 8601 in UTC; null when no daemon runs. */
export async function announceNextAttempt(
  home: string,
  nextAttempt: string | null,
  host: UserFilesHost,
): Promise<void> {
  const states = await loadSyncStates(home, host)
  const outdated = [...states].filter(([, state]) => state.next_attempt !== nextAttempt)
  await Promise.all(
    outdated.map(([name, state]) => saveSyncState(home, name, { ...state, next_attempt: nextAttempt }, host)),
  )
}
