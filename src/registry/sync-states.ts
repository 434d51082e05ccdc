import type { Host } from '../platform/host.ts'
import { stateDirectory } from './home/directories.ts'
import { readPrivateFile, writePrivateFile } from './home/private-file.ts'
import { storedName } from './home/stored-name.ts'
import { type SubRegistryName, subRegistryNames } from './schema/names.ts'
import { isSyncState, type SyncState } from './sync-state.ts'

export type StateHost = Pick<
  Host,
  'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'
>

/** Largest file of a state that is read, in bytes. */
const stateBytes = 16 * 1024

/** States of the registries of a home, as far as they are known. What cannot be read is not known. */
export async function loadSyncStates(
  home: string,
  host: StateHost,
): Promise<ReadonlyMap<SubRegistryName, SyncState>> {
  const states = await Promise.all(
    subRegistryNames.map(async (name): Promise<[SubRegistryName, SyncState][]> => {
      const path = statePath(home, name, host)
      const text = path && (await readPrivateFile(path, stateBytes, host).catch(() => undefined))
      const state = text ? parseState(text) : undefined
      return state ? [[name, state]] : []
    }),
  )
  return new Map(states.flat())
}

/** Keeps a state, in a file for each registry: two processes that sync others do not undo each other's. */
export async function saveSyncState(
  home: string,
  name: SubRegistryName,
  state: SyncState,
  host: StateHost,
): Promise<void> {
  const path = statePath(home, name, host)
  if (path !== undefined) await writePrivateFile(path, JSON.stringify(state), host, { isDurable: false })
}

function parseState(text: string): SyncState | undefined {
  try {
    const state: unknown = JSON.parse(text)
    return isSyncState(state) ? state : undefined
  } catch {
    return undefined
  }
}

function statePath(home: string, name: SubRegistryName, host: StateHost): string | undefined {
  const directory = stateDirectory(host)
  const own = storedName(home, host)
  return directory && host.path.join(directory, 'sync', own, `${name}.json`)
}
