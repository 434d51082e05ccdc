import type { Host } from '../platform/host.ts'
import { keepSyncState } from '../registry/keep-sync-state.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { createSyncState, type SyncState } from '../registry/sync-state.ts'
import { loadSyncStates } from '../registry/sync-states.ts'

/**
 * Remembers how looking for what these registries list went, and why it could not be written if so. A registry that has
 * an upstream is left out: its state tells of that one. Answers with sentences when it cannot be kept.
 */
export async function keepDetectionStates(
  names: readonly SubRegistryName[],
  { snapshot, failure = null }: DetectionOutcome,
  host: Host,
): Promise<string[]> {
  const listed = snapshot.registries.hyper.content?.sub_registries
  const own = names.filter(name => listed?.[name]?.url === undefined)
  // Only a failure needs to know what was before: the state of a success tells all.
  const isBroken = failure !== null || own.some(name => snapshot.registries[name].state !== 'ok')
  const before = isBroken ? await loadSyncStates(snapshot.home, host) : undefined
  const now = new Date(host.clock.now()).toISOString()
  const notes = await Promise.all(
    own.map(name => {
      const error = explainFailure(snapshot, name) ?? failure
      const state = error === null ? toSuccess(now) : toFailure(before?.get(name), { now, error })
      return keepSyncState(snapshot.home, name, state, host)
    }),
  )
  return notes.flat()
}

interface DetectionOutcome {
  readonly snapshot: Snapshot
  /** A sentence without its full stop. */
  readonly failure?: string | null
}

function explainFailure({ registries }: Snapshot, name: SubRegistryName): string | null {
  const { state, diagnostics, path } = registries[name]
  return state === 'ok' ? null : `${path}: ${diagnostics[0]?.message ?? 'it cannot be used'}`
}

function toSuccess(now: string): SyncState {
  return { ...createSyncState(now), last_success: now }
}

function toFailure(
  before: SyncState | undefined,
  { now, error }: { readonly now: string; readonly error: string },
): SyncState {
  const { last_success = null, consecutive_failures = 0 } = before?.url === null ? before : {}
  return { ...createSyncState(now), last_success, error, consecutive_failures: consecutive_failures + 1 }
}
