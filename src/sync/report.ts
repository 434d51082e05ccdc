import type { DetectionResult } from '../detection/detect.ts'
import type { DetectionChange, RegistryStatus, SyncReport } from '../detection/report.ts'
import type { TargetsCheck } from '../detection/services/targets.ts'
import { formatAge } from '../lib/text/format.ts'
import type { Restoration } from '../registry/backup/restore.ts'
import type { Incompatibility } from '../registry/components/compatibility.ts'
import type { Diagnostic } from '../registry/diagnostic.ts'
import { parseRef, type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { type RegistryName, type TargetRegistryName, targetRegistryNames } from '../registry/schema/names.ts'
import {
  byRegistry,
  countEntries,
  describeCopy,
  entriesOf,
  type LoadedRegistry,
  type Snapshot,
} from '../registry/snapshot.ts'
import { findingsByRegistry } from './save-detections.ts'
import type { UpstreamResult } from './upstream/upstream-state.ts'

interface SyncParts {
  /** The registries that the probes read. */
  readonly snapshot: Snapshot
  /** The registries as they are now. */
  readonly current: Snapshot
  readonly result: DetectionResult
  readonly restoration: Restoration
  readonly targets: TargetsCheck
  readonly incompatible: readonly Incompatibility[]
  /** By registry. */
  readonly upstreams: ReadonlyMap<RegistryName, UpstreamResult>
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** In milliseconds. */
  readonly durations: { readonly load: number; readonly total: number }
}

/** The report of a sync. */
export function toSyncReport(parts: SyncParts): SyncReport {
  const { snapshot, result, durations } = parts
  const statusOf = createStatusOf(parts.restoration, parts.startedAt)
  return {
    home: snapshot.home,
    started_at: new Date(parts.startedAt).toISOString(),
    duration_ms: Math.round(durations.total),
    registries: byRegistry(name => toStatus(name, parts, statusOf)),
    changes: [
      ...[...result.detections].flatMap(([ref, after]) => changesOf(ref, previousOf(snapshot, ref), after)),
      ...targetRegistryNames.flatMap(name => changesOfTargets(name, parts)),
    ],
    incompatible: parts.incompatible.map(({ message }) => message),
    detections: findingsByRegistry(result.detections, parts.targets),
    timings: [...result.timings, ...parts.targets.timings],
  }
}

function changesOfTargets(name: TargetRegistryName, { snapshot, targets }: SyncParts): DetectionChange[] {
  const before = new Map(
    Object.entries(entriesOf(snapshot, name)).map(([id, { detected }]) => [id, detected]),
  )
  return Object.entries(targets[name]).flatMap(([id, { status }]) =>
    statusChanges(toRef(name, id), before.get(id)?.status, status),
  )
}

function previousOf(snapshot: Snapshot, ref: Ref): Detected | undefined {
  const parts = parseRef(ref)
  if (parts?.registry === 'tools') return entriesOf(snapshot, 'tools')[parts.id]?.detected
  return parts?.registry === 'ml_frameworks'
    ? entriesOf(snapshot, 'ml_frameworks')[parts.id]?.detected
    : undefined
}

function toStatus(name: RegistryName, parts: SyncParts, statusOf: StatusOf): RegistryStatus {
  const { current, upstreams, durations } = parts
  const isDetected = isChecked(name, parts)
  const status = { ...statusOf(current.registries[name]), entries: countEntries(current, name) }
  const upstream = upstreams.get(name)
  if (upstream !== undefined) return withUpstream(status, upstream)
  if (!isDetected) return { ...status, duration_ms: Math.round(durations.load) }
  const source = status.source === 'file' ? 'detection' : status.source
  return { ...status, source, duration_ms: Math.round(durations.total) }
}

function isChecked(name: RegistryName, { result, targets }: SyncParts): boolean {
  if (name === 'microservices' || name === 'providers') return Object.keys(targets[name]).length > 0
  return [...result.detections.keys()].some(ref => ref.startsWith(`${name}/`))
}

type FileStatus = Omit<RegistryStatus, 'duration_ms'>

function withUpstream(
  { status, source, entries, warnings }: FileStatus,
  { upstream, durationMs, ...result }: UpstreamResult,
): RegistryStatus {
  const common = {
    entries,
    duration_ms: Math.round(durationMs),
    warnings: [...result.warnings, ...warnings],
    upstream,
  }
  // The status of a file that cannot be used counts, whatever the upstream says.
  return status === 'ok'
    ? { ...common, status: result.status, source: result.source }
    : { ...common, status, source }
}

type StatusOf = (loaded: LoadedRegistry) => Pick<RegistryStatus, 'status' | 'source' | 'warnings'>

function createStatusOf({ restored }: Restoration, now: number): StatusOf {
  return loaded => {
    const { state, copy, path, diagnostics, name } = loaded
    const warnings = diagnostics.map(toSentence)
    const restoredFrom = restored.get(name)
    if (restoredFrom !== undefined) {
      const restoration = `${path} was missing, and is restored as it was ${formatAge(now - restoredFrom)}`
      return { status: 'missing', source: 'cache', warnings: [restoration, ...warnings] }
    }
    if (state === 'ok') return { status: state, source: 'file', warnings }
    const instead = describeCopy(loaded, now) ?? 'there is no backup, and it counts as empty'
    // A sync reads files: nothing is hidden from it.
    const status = state === 'hidden' ? 'failed' : state
    return { status, source: copy ? 'cache' : 'empty', warnings: [...warnings, `${path}: ${instead}`] }
  }
}

function toSentence({ file, line, column, message, hint }: Diagnostic): string {
  return `${file}:${line}:${column}: ${message}${hint === null ? '' : ` (${hint})`}`
}

const fields = ['status', 'version', 'path'] as const

/** What differs between two detections of the same thing. A version that cannot be read is no change. */
export function changesOf(ref: Ref, before: Detected | undefined, after: Detected): DetectionChange[] {
  return fields.flatMap(field => {
    const from = before?.[field] ?? null
    const to = after[field]
    if (from === to || isUnread(field, before, after)) return []
    return [{ ref, field, from, to }]
  })
}

/** The change between two probes of something with only a status: a service or a provider. */
function statusChanges(ref: Ref, before: string | undefined, after: string): DetectionChange[] {
  return before === after ? [] : [{ ref, field: 'status', from: before ?? null, to: after }]
}

function isUnread(field: (typeof fields)[number], before: Detected | undefined, after: Detected): boolean {
  return field === 'version' && after.version === null && before?.status === after.status
}
