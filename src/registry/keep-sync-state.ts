import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import type { SubRegistryName } from './schema/names.ts'
import type { SyncState } from './sync-state.ts'
import { saveSyncState } from './sync-states.ts'

/** Remembers how a sync of a registry went. Answers with a sentence when that is not possible: files are right all the same. */
export async function keepSyncState(
  home: string,
  name: SubRegistryName,
  state: SyncState,
  host: Host,
): Promise<string[]> {
  try {
    await saveSyncState(home, name, state, host)
    return []
  } catch (error) {
    return [`how the sync of ${name} went could not be kept: ${errorMessage(error)}`]
  }
}
