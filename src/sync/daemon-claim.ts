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

/** The result of claiming a home for its daemon. */
export type Claim =
  | {
      readonly outcome: 'claimed'
      readonly isDisplaced: () => Promise<boolean>
      /** Shows other hosts and containers that this process runs. Called every `renewMs`. */
      readonly renew: () => Promise<void>
      readonly release: () => Promise<void>
    }
  /** `place` is the directory to remove when that process is gone. */
  | { readonly outcome: 'held'; readonly by: Daemon; readonly place: string }

/** How often a daemon renews its claim, in milliseconds. */
export const renewMs = 1000
/** A claim of another host or container expires when it is not renewed for this long, by the clock of the waiting process. */
const leaseMs = 3500
/** How often a claim is checked meanwhile. */
const checkEveryMs = 250

/** Attempts while other processes are quicker. */
const tries = 5

/**
 * Claims a home for this process as its daemon. A claim is a directory with one empty directory, whose name identifies
 * the process, like the lock of a home: one rename creates it, and one rename takes over that of a process that is gone.
 * There are two claims: one in the state directory, and one in the home, because hosts may share only that. A read-only
 * home has no claim. Throws a NexusError('write').
 */
export async function claimHome(home: string, host: ClaimHost): Promise<Claim> {
  const place = await claimPlace(home, host)
  if (place === undefined) throw toHomelessError()
  await openPrivateDirectory(host.path.dirname(place), host)
  const own = await createState(host)
  const homePlace = daemonClaimPath(await realHome(home, host), host)
  // The lease of a process that is gone is waited for once, not for one claim after the other.
  const early = checkEarly(homePlace, host).catch(() => undefined)
  const inState = await claimAt(place, own, host)
  if (inState.outcome === 'held') return inState
  const inHome = await claimInHome(homePlace, { own, early: await early }, host).catch(async error => {
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

/** A holder that was found to be gone. */
type GoneHolder = LockState | undefined

async function checkEarly(place: string, host: ClaimHost): Promise<GoneHolder> {
  const holder = await readClaim(place, host).catch(() => undefined)
  return holder === undefined || (await isAtWork(place, holder, host)) ? undefined : holder
}

// Undefined for a home that this user cannot write.
async function claimInHome(
  place: string,
  { own, early }: { readonly own: LockState; readonly early: GoneHolder },
  host: ClaimHost,
): Promise<Claim | undefined> {
  const info = await host.fs.lstat(place).catch(() => undefined)
  if (info !== undefined && info.kind !== 'directory') return undefined
  try {
    return await claimAt(place, { ...own, startTime: withHostName(own.startTime, host) }, host, early)
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

async function claimAt(
  place: string,
  own: LockState,
  host: ClaimHost,
  gone: GoneHolder = undefined,
): Promise<Claim> {
  const directory = host.path.dirname(place)
  const prefix = `${host.path.basename(place)}-`
  await sweepTemporaries({ directory, prefix, kind: 'directory' }, host)
  for (let round = 0; round < tries; round++) {
    const holder = await readClaim(place, host)
    const isGone =
      holder === undefined ||
      (round === 0 && gone !== undefined && formatLockState(holder) === formatLockState(gone))
    if (!isGone && (await isAtWork(place, holder, host)))
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

// All paths of a home lead to one claim.
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

// A process on another host cannot be checked: it runs when it renews its claim within the lease.
async function isAtWork(place: string, holder: LockState, host: ClaimHost): Promise<boolean> {
  if (await isNear(holder, host)) return isRunning(holder, host)
  const state = host.path.join(place, formatLockState(holder))
  const readRenewal = async () => (await host.fs.stat(state).catch(() => undefined))?.mtimeMs
  const first = await readRenewal()
  const until = host.clock.elapsed() + leaseMs
  while (host.clock.elapsed() < until) {
    await host.clock.sleep(checkEveryMs)
    const now = await readRenewal()
    // The claim was released or taken over: it is read again.
    if (now === undefined) return false
    if (now !== first) return true
  }
  return false
}

// A process on another host counts as running: one check cannot find out.
async function isRunning(holder: LockState, host: ReadHost): Promise<boolean> {
  if (!(await isNear(holder, host))) return true
  const runningSince = await findStartTime(holder.pid, host)
  const facts = { runningSince, now: host.clock.now(), watchedMs: 0, holdMs: Number.POSITIVE_INFINITY }
  return evaluateHolder({ ...holder, startTime: withoutHostName(holder.startTime) }, facts) === 'working'
}

// The process is visible from here. Without a start time, its id may belong to another process by now.
async function isNear({ startTime }: LockState, host: ReadHost): Promise<boolean> {
  return startTime !== '' && !(await isElsewhere(startTime, host))
}

/** The name of a host in a claim, cut to fit a file name. */
const hostNamePattern = /^([^~]*~[^~]*)~([\w.%-]+)$/

// Only in the home: earlier versions compare the whole name in the state directory.
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
  await host.fs.makeChildDirectory(pending, 0o700)
  try {
    await host.fs.makeChildDirectory(host.path.join(pending, name), 0o700)
    await host.fs.rename(pending, place)
    return true
  } catch (error) {
    await host.fs.removeTree(pending)
    return refuseLostRace(error)
  }
}

// Of all processes that rename the old name, one succeeds.
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
    // A state directory that cannot be read proves nothing.
    isDisplaced: async () => !(await fs.list(place).catch(() => [name])).includes(name),
    // A displaced daemon has nothing to renew.
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
  return new NexusError('write', 'There is no state directory: neither HOME nor XDG_STATE_HOME is set', {
    hint: 'Set XDG_STATE_HOME to a directory of yours',
  })
}

/** A process that keeps a home in sync. */
export interface Daemon {
  readonly pid: number
  /** When it started, milliseconds since 1970. */
  readonly since: number
  /** Name of the host or container that it runs on, when it is another one. */
  readonly host?: string
  /** When it last renewed its claim, for a daemon on another host. Milliseconds since 1970. */
  readonly renewedAt?: number
}

/** Describes a daemon on another host: where it runs, and when it last renewed its claim. */
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
