import { loadSyncStates, type StateHost, saveSyncState } from '../../registry/sync-states.ts'

/** Says in the states that are known when the daemon tries again, ISO 8601 in UTC; null when none is running. */
export async function announceNextAttempt(
  home: string,
  nextAttempt: string | null,
  host: StateHost,
): Promise<void> {
  const states = await loadSyncStates(home, host)
  const outdated = [...states].filter(([, state]) => state.next_attempt !== nextAttempt)
  await Promise.all(
    outdated.map(([name, state]) => saveSyncState(home, name, { ...state, next_attempt: nextAttempt }, host)),
  )
}
