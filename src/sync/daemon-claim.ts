import { NexusError, systemErrorCode } from '../lib/errors.ts'
import { formatAge } from '../lib/text/format.ts'
import type { Host } from '../platform/host.ts'
import {
  explainForeignControl,
  openPrivateDirectory,
  stateDirectory,
  storedName,
  writing,
} from '../registry/home/directories.ts'
import { sweepTemporaries } from '../registry/home/files.ts'
import {
  daemonClaimPath,
  evaluateHolder,
  findStartTime,
  formatLockState,
  isElsewhere,
  type LockState,
  parseLockState,
} from '../registry/lock/lock-state.ts'

type ReadHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'processes'>
type ClaimHost = ReadHost & Pick<Host, 'randomName'>

/** How a process may become the daemon of a home. */
export type Claim =
  | {
      readonly outcome: 'claimed'
      readonly isDisplaced: () => Promise<boolean>
      /** Shows others, from where this process cannot be seen, that it goes on. To be called every `renewMs`. */
      readonly renew: () => Promise<void>
      readonly release: () => Promise<void>
    }
  /** `place` is what to remove when that process is something else by now. */
  | { readonly outcome: 'held'; readonly by: Daemon; readonly place: string }

/** How often a daemon renews its claim, in milliseconds. */
export const renewMs = 1000
/** A claim from another host or container that is not renewed for this long is given up, on the clock of who waits. */
const leaseMs = 3500
/** How often a claim is looked at meanwhile. */
const checkEveryMs = 250

/** How often others may be quicker before it is no race any more. */
const tries = 5

/**
 * Claims a home for this process, as the one that keeps it in sync. A claim is a directory with one empty directory in
 * it, whose name says whose it is, like the lock of a home: it comes into being by one rename, and that of a process
 * that is gone is taken over by one. There are two: one in the state directory, and one in the home, since hosts may
 * share nothing else. A home that cannot be written to has none. Throws a NexusError('write').
 */
export async function claimHome(home: string, host: ClaimHost): Promise<Claim> {
  const place = await claimPlace(home, host)
  if (place === undefined) throw toHomelessError()
  await openPrivateDirectory(host.path.dirname(place), host)
  const own = await createState(host)
  const inState = await claimAt(place, own, host)
  if (inState.outcome === 'held') return inState
  const inHome = await claimInHome(home, own, host).catch(async error => {
    await inState.release()
    throw error
  })
  if (inHome === undefined) return inState
  if (inHome.outcome === 'held') {
    await inState.release()
    return inHome
  }
  return {
    outcome: 'claimed',
    isDisplaced: async () => (await inState.isDisplaced()) || (await inHome.isDisplaced()),
    renew: async () => {
      await Promise.all([inState.renew(), inHome.renew()])
    },
    release: async () => {
      await inHome.release()
      await inState.release()
    },
  }
}

// Undefined where the home is read-only, or belongs to somebody who lets others only read.
async function claimInHome(home: string, own: LockState, host: ClaimHost): Promise<Claim | undefined> {
  const place = daemonClaimPath(await realHome(home, host), host)
  const info = await host.fs.lstat(place).catch(() => undefined)
  if (info !== undefined && info.kind !== 'directory') return undefined
  try {
    return await claimAt(place, { ...own, startTime: withHostName(own.startTime, host) }, host)
  } catch (error) {
    if (!unwritable.includes(systemErrorCode(toCause(error)) ?? '')) throw error
    const holder = await readClaim(place, host).catch(() => undefined)
    return holder && (await isAtWork(place, holder, host))
      ? { outcome: 'held', by: await toDaemon(place, holder, host), place }
      : undefined
  }
}

const unwritable = ['EROFS', 'EACCES', 'EPERM', 'ENOENT']

function toCause(error: unknown): unknown {
  return error instanceof NexusError ? error.cause : error
}

async function claimAt(place: string, own: LockState, host: ClaimHost): Promise<Claim> {
  const directory = host.path.dirname(place)
  const prefix = `${host.path.basename(place)}-`
  await sweepTemporaries({ directory, prefix, kind: 'directory' }, host)
  for (let round = 0; round < tries; round++) {
    const holder = await readClaim(place, host)
    if (holder && (await isAtWork(place, holder, host)))
      return { outcome: 'held', by: await toDaemon(place, holder, host), place }
    const isMine = await writing(place, () =>
      holder ? takeOver(place, { from: holder, to: own }, host) : occupy(place, own, host),
    )
    if (isMine) return toClaim(place, own, host)
  }
  throw new NexusError('write', `${place} cannot be claimed`, { hint: `Remove ${place}` })
}

/** The process that keeps a home in sync, here or on another host that shares the home; undefined when none does. */
export async function findDaemon(home: string, host: ReadHost): Promise<Daemon | undefined> {
  const place = await claimPlace(home, host)
  const info = place && (await host.fs.stat(host.path.dirname(place)).catch(() => undefined))
  const isSafe = place !== undefined && info && !explainForeignControl(info, host)
  return (
    (isSafe ? await findDaemonAt(place, host) : undefined) ??
    (await findDaemonAt(daemonClaimPath(await realHome(home, host), host), host))
  )
}

async function findDaemonAt(place: string, host: ReadHost): Promise<Daemon | undefined> {
  const holder = await readClaim(place, host).catch(() => undefined)
  return holder && (await isRunning(holder, host)) ? toDaemon(place, holder, host) : undefined
}

// However a home is named, it is one.
async function claimPlace(home: string, host: ReadHost): Promise<string | undefined> {
  const directory = stateDirectory(host)
  return directory && host.path.join(directory, 'daemons', storedName(await realHome(home, host), host))
}

function realHome(home: string, host: ReadHost): Promise<string> {
  return host.fs.realPath(home).catch(() => home)
}

async function readClaim(place: string, { fs }: Pick<Host, 'fs'>): Promise<LockState | undefined> {
  const names = await fs.list(place).catch(error => {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  })
  return names.map(parseLockState).find(state => state !== undefined)
}

// What cannot be seen is watched: whoever renews the claim within the lease goes on.
async function isAtWork(place: string, holder: LockState, host: ClaimHost): Promise<boolean> {
  if (await isNear(holder, host)) return isRunning(holder, host)
  const state = host.path.join(place, formatLockState(holder))
  const look = async () => (await host.fs.stat(state).catch(() => undefined))?.mtimeMs
  const first = await look()
  const until = host.clock.elapsed() + leaseMs
  while (host.clock.elapsed() < until) {
    await host.clock.sleep(checkEveryMs)
    const now = await look()
    // It was given back or taken over meanwhile: the claim is read again.
    if (now === undefined) return false
    if (now !== first) return true
  }
  return false
}

// Whether a process elsewhere still runs cannot be seen at a look: it is taken to.
async function isRunning(holder: LockState, host: ReadHost): Promise<boolean> {
  if (!(await isNear(holder, host))) return true
  const runningSince = await findStartTime(holder.pid, host)
  const facts = { runningSince, now: host.clock.now(), watchedMs: 0, holdMs: Number.POSITIVE_INFINITY }
  return evaluateHolder({ ...holder, startTime: withoutHostName(holder.startTime) }, facts) === 'working'
}

// Its process can be seen from here. Without a start time its id may be that of another process by now.
async function isNear({ startTime }: LockState, host: ReadHost): Promise<boolean> {
  return startTime !== '' && !(await isElsewhere(startTime, host))
}

/** The name of a host in a claim; what does not fit into a name is cut. */
const hostNamePattern = /^([^~]*~[^~]*)~([\w.%-]+)$/

// Only in the home: earlier versions compare what stands in the state directory as a whole.
function withHostName(startTime: string, { processes }: ReadHost): string {
  const name = processes
    .hostName()
    .replace(/[^\w.-]/g, '')
    .slice(0, 64 - startTime.length - 1)
  return startTime.includes('~') && name !== '' ? `${startTime}~${name}` : startTime
}

function withoutHostName(startTime: string): string {
  return hostNamePattern.exec(startTime)?.[1] ?? startTime
}

async function occupy(place: string, own: LockState, host: ClaimHost): Promise<boolean> {
  const name = formatLockState(own)
  const pending = `${place}-${host.randomName()}`
  try {
    await host.fs.makeDirectory(host.path.join(pending, name), 0o700)
    await host.fs.rename(pending, place)
    return true
  } catch (error) {
    await host.fs.removeTree(pending)
    return refuseLostRace(error)
  }
}

// Of all who rename the old name, one finds it.
async function takeOver(
  place: string,
  { from, to }: { readonly from: LockState; readonly to: LockState },
  host: ClaimHost,
): Promise<boolean> {
  const at = (state: LockState) => host.path.join(place, formatLockState(state))
  try {
    await host.fs.rename(at(from), at(to))
    return true
  } catch (error) {
    return refuseLostRace(error)
  }
}

function refuseLostRace(error: unknown): false {
  const code = systemErrorCode(error) ?? ''
  if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(code)) return false
  throw error
}

function toClaim(place: string, own: LockState, { fs, path, clock }: ClaimHost): Claim {
  const name = formatLockState(own)
  return {
    outcome: 'claimed',
    // A state directory that cannot be read just now says nothing.
    isDisplaced: async () => !(await fs.list(place).catch(() => [name])).includes(name),
    // One that was displaced has nothing to renew.
    renew: () => fs.setModified(path.join(place, name), clock.now()).catch(() => undefined),
    release: async () => {
      await fs.removeEmptyDirectory(path.join(place, name))
      await fs.removeEmptyDirectory(place)
    },
  }
}

async function createState(host: ClaimHost): Promise<LockState> {
  const { pid } = host.processes
  const startTime = (await findStartTime(pid, host)) ?? ''
  const acquiredAt = Math.max(0, Math.round(host.clock.now()))
  return { phase: 'held', pid, startTime, acquiredAt, nonce: host.randomName() }
}

async function toDaemon(place: string, holder: LockState, host: ReadHost): Promise<Daemon> {
  const { pid, acquiredAt, startTime } = holder
  const daemon = { pid, since: acquiredAt }
  if (await isNear(holder, host)) return daemon
  const name = hostNamePattern.exec(startTime)?.[2]
  const lease = await host.fs.stat(host.path.join(place, formatLockState(holder))).catch(() => undefined)
  return {
    ...daemon,
    ...(name !== undefined && { host: name }),
    ...(lease && { renewedAt: lease.mtimeMs }),
  }
}

function toHomelessError(): NexusError {
  return new NexusError('write', 'There is no place for state: neither HOME nor XDG_STATE_HOME is set', {
    hint: 'Set XDG_STATE_HOME to a directory of yours',
  })
}

/** A process that keeps a home in sync. */
export interface Daemon {
  readonly pid: number
  /** Since when it does, milliseconds since 1970. */
  readonly since: number
  /** Name of the host or container that it runs on, where that is not this one. */
  readonly host?: string
  /** When it last showed that it goes on, for one that cannot be seen from here. Milliseconds since 1970. */
  readonly renewedAt?: number
}

/** Where a daemon runs that cannot be seen from here, and when it last showed that it goes on. */
export function describeElsewhere(
  { pid, host, lease_renewed_at: renewed }: ElsewhereDaemon,
  now: number,
): string {
  const place = host === undefined ? 'another host or container' : `host ${host}`
  const lease = renewed === undefined ? '' : `, lease renewed ${formatAge(now - Date.parse(renewed))}`
  return `daemon runs on ${place} (pid ${pid})${lease}`
}

interface ElsewhereDaemon {
  readonly pid: number
  readonly host?: string
  /** ISO 8601. */
  readonly lease_renewed_at?: string
}
