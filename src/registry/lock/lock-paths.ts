import type { Host } from '../../platform/host.ts'
import { registryFiles } from '../schema/names.ts'
import { type LockState, parseLockState } from './lock-state.ts'

const lockName = '.nexus-registry.lock'
const daemonName = '.nexus-registry.daemon'
const pendingPrefix = `${lockName}-`
const stagedPrefix = '.nexus-registry.stage-'

/** File of the tokens of a home, which has a directory and a lock of its own in the state directory. */
export const tokenFileName = 'tokens.json'

const stagedFileNames: readonly string[] = [...Object.values(registryFiles), tokenFileName]

/** The lock of a home: a directory that holds one empty directory, whose name is the lock's state. */
export function lockPath(home: string, host: Pick<Host, 'path'>): string {
  return host.path.join(home, lockName)
}

/** The claim of the process that keeps a home in sync: found by all who share the home, whatever else they share. */
export function daemonClaimPath(home: string, host: Pick<Host, 'path'>): string {
  return host.path.join(home, daemonName)
}

/** A lock that waits to be moved into place. */
export function pendingLockPath(home: string, stateName: string, host: Pick<Host, 'path'>): string {
  return host.path.join(home, `${pendingPrefix}${stateName}`)
}

/** A new text of a registry file, which the holder with this nonce wrote beside the old one. */
export function stagedPath(home: string, nonce: string, file: string, host: Pick<Host, 'path'>): string {
  return host.path.join(home, `${stagedPrefix}${nonce}-${file}`)
}

/** Reads the name of a staged file; undefined for any other name. */
export function parseStagedName(name: string): { nonce: string; file: string } | undefined {
  if (!name.startsWith(stagedPrefix)) return undefined
  const [, nonce, file] = /^([0-9a-f]{16})-(.*)$/.exec(name.slice(stagedPrefix.length)) ?? []
  if (nonce === undefined || file === undefined || !stagedFileNames.includes(file)) return undefined
  return { nonce, file }
}

/** Reads the name of a pending lock; undefined for any other name. */
export function parsePendingName(name: string): LockState | undefined {
  return name.startsWith(pendingPrefix) ? parseLockState(name.slice(pendingPrefix.length)) : undefined
}

/** Whether a name in a home belongs to the lock or to a daemon, and not to the user. */
export function isLockName(name: string): boolean {
  if (name === daemonName || name.startsWith(`${daemonName}-`)) return true
  return name === lockName || name.startsWith(pendingPrefix) || name.startsWith(stagedPrefix)
}
