import type { FileInfo, Host } from '../platform/host.ts'
import { findStartTime, isElsewhere } from '../registry/lock/find-start-time.ts'
import { formatLockState, type LockState, parseLockState } from '../registry/lock/lock-state.ts'

type SweepHost = Pick<Host, 'fs' | 'path' | 'clock' | 'uid' | 'processes' | 'interrupted'>

/** Names in a scratch directory, besides the one that says whose it is. */
export const scratchNames = { cwd: 'empty', home: 'home', temporary: 'tmp', runtime: 'run' } as const

const prefix = 'nexus-registry-'
/** One that does not say whose it is was made a moment ago, or its process was killed at once. Milliseconds. */
const unownedAgeMs = 3_600_000
/** One of another host or container, whose processes cannot be seen from here. */
const elsewhereAgeMs = 24 * 3_600_000
/** Most directories that one run looks at, and most that it removes. */
const mostLooks = 1000
const mostRemovals = 64

/** Where a run keeps its temporary directories. */
export function scratchPath(name: string, { fs, path }: Pick<Host, 'fs' | 'path'>): string {
  return path.join(fs.temporaryDirectory, `${prefix}${name}`)
}

/** Name of an empty directory that says which process a scratch directory belongs to. */
export async function ownerName(host: Pick<Host, 'clock' | 'processes' | 'randomName'>): Promise<string> {
  const { pid } = host.processes
  const startTime = (await findStartTime(pid, host)) ?? ''
  const acquiredAt = Math.max(0, Math.round(host.clock.now()))
  return formatLockState({ phase: 'held', pid, startTime, acquiredAt, nonce: host.randomName() })
}

/**
 * Removes scratch directories of this user whose process was killed. What cannot be read or removed stays: that is no
 * reason for a detection to fail.
 */
export async function sweepScratch(host: SweepHost): Promise<void> {
  const { fs, path } = host
  const names = await fs.list(fs.temporaryDirectory).catch(() => [])
  const candidates = names.filter(name => name.startsWith(prefix) && isRandomName(name.slice(prefix.length)))
  let removals = 0
  for (const name of candidates.slice(0, mostLooks)) {
    if (host.interrupted.aborted || removals === mostRemovals) return
    const root = path.join(fs.temporaryDirectory, name)
    if (!(await isLeftover(root, host).catch(() => false))) continue
    removals++
    await fs.removeTree(root).catch(() => undefined)
  }
}

function isRandomName(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}

async function isLeftover(root: string, host: SweepHost): Promise<boolean> {
  const info = await host.fs.lstat(root)
  if (info?.kind !== 'directory' || (host.uid !== undefined && info.uid !== host.uid)) return false
  const names = await host.fs.list(root)
  const owners = names.flatMap(name => parseLockState(name) ?? [])
  const known: readonly string[] = Object.values(scratchNames)
  // With anything else in it, it is not what this program makes.
  if (names.length > owners.length + names.filter(name => known.includes(name)).length) return false
  const [owner] = owners
  return owner ? hasEnded(owner, info, host) : isOld(info, host)
}

async function hasEnded(owner: LockState, info: FileInfo, host: SweepHost): Promise<boolean> {
  const own = await findStartTime(host.processes.pid, host)
  // Where processes cannot be seen, only the age says anything.
  if (owner.startTime === '' || own === undefined) return isOld(info, host)
  // A process of another container may run for long.
  if (await isElsewhere(owner.startTime, host)) return isOld(info, host, elsewhereAgeMs)
  return (await findStartTime(owner.pid, host)) !== owner.startTime
}

function isOld(info: FileInfo, { clock }: Pick<Host, 'clock'>, ageMs = unownedAgeMs): boolean {
  return clock.now() - info.mtimeMs > ageMs
}
