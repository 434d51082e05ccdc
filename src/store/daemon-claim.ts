import type { Daemon } from '../core/daemon.ts'
import { NexusError, systemErrorCode } from '../core/errors.ts'
import type { Host } from '../core/host.ts'
import { openPrivateDirectory, stateDirectory } from './directories.ts'
import { findStartTime, isElsewhere } from './find-start-time.ts'
import { formatLockState, judgeHolder, type LockState, parseLockState } from './lock-state.ts'
import { explainForeignControl } from './ownership.ts'
import { storedName } from './stored-name.ts'
import { sweepTemporaries } from './sweep-temporaries.ts'
import { writing } from './write-error.ts'

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
const lookEveryMs = 250

/** How often others may be quicker before it is no race any more. */
const tries = 5

/**
 * Claims a home for this process, as the one that keeps it in sync. The claim is a directory with one empty directory in
 * it, whose name says whose it is, like the lock of a home: it comes into being by one rename, and that of a process
 * that is gone is taken over by one. Throws a NexusError('write').
 */
export async function claimHome(home: string, host: ClaimHost): Promise<Claim> {
  const place = await claimPlace(home, host)
  if (place === undefined) throw toHomelessError()
  const directory = host.path.dirname(place)
  await openPrivateDirectory(directory, host)
  const prefix = `${host.path.basename(place)}-`
  await sweepTemporaries({ directory, prefix, kind: 'directory' }, host)
  const own = await createState(host)
  for (let round = 0; round < tries; round++) {
    const holder = await readClaim(place, host)
    if (holder && (await isAtWork(place, holder, host)))
      return { outcome: 'held', by: toDaemon(holder), place }
    const isMine = await writing(place, () =>
      holder ? takeOver(place, { from: holder, to: own }, host) : occupy(place, own, host),
    )
    if (isMine) return toClaim(place, own, host)
  }
  throw new NexusError('write', `${place} cannot be claimed`, { hint: `Remove ${place}` })
}

/** The process that keeps a home in sync; undefined when none does. */
export async function findDaemon(home: string, host: ReadHost): Promise<Daemon | undefined> {
  const place = await claimPlace(home, host)
  const info = place && (await host.fs.stat(host.path.dirname(place)).catch(() => undefined))
  if (!place || !info || explainForeignControl(info, host)) return undefined
  const holder = await readClaim(place, host).catch(() => undefined)
  return holder && (await isRunning(holder, host)) ? toDaemon(holder) : undefined
}

// However a home is named, it is one.
async function claimPlace(home: string, host: ReadHost): Promise<string | undefined> {
  const directory = stateDirectory(host)
  const real = await host.fs.realPath(home).catch(() => home)
  return directory && host.path.join(directory, 'daemons', storedName(real, host))
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
  if (!(await isElsewhere(holder.startTime, host))) return isRunning(holder, host)
  const state = host.path.join(place, formatLockState(holder))
  const look = async () => (await host.fs.stat(state).catch(() => undefined))?.mtimeMs
  const first = await look()
  const until = host.clock.elapsed() + leaseMs
  while (host.clock.elapsed() < until) {
    await host.clock.sleep(lookEveryMs)
    const now = await look()
    // It was given back or taken over meanwhile: the claim is read again.
    if (now === undefined) return false
    if (now !== first) return true
  }
  return false
}

// Whether a process elsewhere still runs cannot be seen at a look: it is taken to.
async function isRunning(holder: LockState, host: ReadHost): Promise<boolean> {
  const runningSince = await findStartTime(holder.pid, host)
  const now = host.clock.now()
  const elsewhere = await isElsewhere(holder.startTime, host)
  const facts = { runningSince, now, watchedMs: 0, holdMs: Number.POSITIVE_INFINITY, isElsewhere: elsewhere }
  return judgeHolder(holder, facts) === 'working'
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

function toDaemon({ pid, acquiredAt }: LockState): Daemon {
  return { pid, since: acquiredAt }
}

function toHomelessError(): NexusError {
  return new NexusError('write', 'There is no place for state: neither HOME nor XDG_STATE_HOME is set', {
    hint: 'Set XDG_STATE_HOME to a directory of yours',
  })
}
