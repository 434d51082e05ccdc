import { NexusError, systemErrorCode } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import { createHomeLock, type HomeLock, rollForward, sweepLeftovers } from './home-lock.ts'
import {
  defaultLockLimits,
  evaluateHolder,
  findStartTime,
  formatLockState,
  isElsewhere,
  type LockLimits,
  type LockState,
  lockPath,
  parseLockState,
  pendingLockPath,
  sleepUnlessInterrupted,
  throwIfInterrupted,
} from './lock-state.ts'

export type LockHost = Pick<Host, 'fs' | 'path' | 'clock' | 'processes' | 'randomName' | 'interrupted'>

/** What a waiter has seen. Times are of the monotonic clock. */
interface Watch {
  readonly now: number
  readonly state: LockState | undefined
  /** Since when the lock has been in this state. */
  readonly since: number
}

/**
 * Waits for the lock of a home and takes it, from a holder that is gone or stopped too.
 * Throws a NexusError: 'lock' after `waitMs`, 'interrupted', or the system's error.
 */
export async function acquireLock(home: string, limits: LockLimits, host: LockHost): Promise<HomeLock> {
  const first = await watch(home, undefined, host)
  let last = first
  for (let round = 0; ; round++) {
    throwIfInterrupted(host)
    const lock = await tryLock(home, last, limits, host)
    if (lock) return lock
    if (last.now - first.now > limits.waitMs) throw toWaitError(home, last.state, limits)
    await sleepUnlessInterrupted(backoff(round, host), host)
    last = await watch(home, last, host)
  }
}

async function watch(home: string, last: Watch | undefined, host: LockHost): Promise<Watch> {
  const state = await readLock(home, host)
  const now = host.clock.elapsed()
  const isSame = state && last?.state && formatLockState(state) === formatLockState(last.state)
  return { now, state, since: isSame ? last.since : now }
}

// 2 ms at first, 60 ms at most, and never in step with the other waiters.
function backoff(round: number, host: Pick<Host, 'randomName'>): number {
  const fraction = Number.parseInt(host.randomName().slice(0, 4), 16) / 0x10000
  return Math.min(60, 2 * 1.6 ** round) * (0.5 + fraction / 2)
}

async function tryLock(
  home: string,
  { state, now, since }: Watch,
  limits: LockLimits,
  host: LockHost,
): Promise<HomeLock | undefined> {
  if (!state) return occupy(home, host)
  const judgement = evaluateHolder(state, {
    runningSince: await findStartTime(state.pid, host),
    now: host.clock.now(),
    watchedMs: now - since,
    isElsewhere: await isElsewhere(state.startTime, host),
    holdMs: limits.holdMs,
  })
  return judgement === 'working' ? undefined : takeOver(home, state, host)
}

// A rename of a directory onto one that holds something fails: of all who try, one succeeds.
async function occupy(home: string, host: LockHost): Promise<HomeLock | undefined> {
  const leftovers = await host.fs.list(home)
  const state = await createState(host)
  const pending = pendingLockPath(home, formatLockState(state), host)
  await host.fs.makeChildDirectory(pending, 0o700)
  try {
    await host.fs.makeChildDirectory(host.path.join(pending, formatLockState(state)), 0o700)
    await host.fs.rename(pending, lockPath(home, host))
  } catch (error) {
    await host.fs.removeTree(pending)
    if (isLostRace(error)) return undefined
    throw error
  }
  return openLock(home, state, leftovers, host)
}

// Renaming the state is what decides: when the holder commits, releases or loses the lock first, the old name is gone.
async function takeOver(home: string, old: LockState, host: LockHost): Promise<HomeLock | undefined> {
  const leftovers = await host.fs.list(home)
  if (old.phase === 'committing') await rollForward(home, leftovers, old.nonce, host)
  const state = await createState(host)
  const lock = lockPath(home, host)
  try {
    const from = host.path.join(lock, formatLockState(old))
    await host.fs.rename(from, host.path.join(lock, formatLockState(state)))
  } catch (error) {
    if (isLostRace(error)) return undefined
    throw error
  }
  return openLock(home, state, leftovers, host)
}

async function openLock(
  home: string,
  state: LockState,
  leftovers: readonly string[],
  host: LockHost,
): Promise<HomeLock> {
  const lock = createHomeLock(home, state, host)
  try {
    await sweepLeftovers(home, leftovers, host)
  } catch (error) {
    await lock.release()
    throw error
  }
  return lock
}

function isLostRace(error: unknown): boolean {
  const code = systemErrorCode(error)
  return code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST'
}

async function createState(host: LockHost): Promise<LockState> {
  const { pid } = host.processes
  return {
    phase: 'held',
    pid,
    startTime: (await findStartTime(pid, host)) ?? '',
    acquiredAt: Math.max(0, Math.round(host.clock.now())),
    nonce: host.randomName(),
  }
}

function toWaitError(home: string, state: LockState | undefined, limits: LockLimits): NexusError {
  const holder = state ? `process ${state.pid}` : 'other processes'
  const seconds = Math.round(limits.waitMs / 100) / 10
  return new NexusError('lock', `${home} is being changed by ${holder}; waited ${seconds} s`, {
    hint: state ? `Try again, or see what it is doing: ps -p ${state.pid}` : 'Try again',
  })
}

/** State of a home's lock; undefined when it is free. Throws when a file blocks its path. */
export async function readLock(
  home: string,
  host: Pick<Host, 'fs' | 'path'>,
): Promise<LockState | undefined> {
  const path = lockPath(home, host)
  const names = await listLock(path, host)
  const state = names.map(parseLockState).find(each => each !== undefined)
  if (state || names.length === 0) return state
  throw new NexusError('lock', `${path} is not a lock: it holds ${names[0]}`, { hint: `Remove ${path}` })
}

async function listLock(path: string, host: Pick<Host, 'fs'>): Promise<string[]> {
  try {
    return await host.fs.list(path)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT') return []
    const hint = code === 'ENOTDIR' ? `Remove ${path}` : `Check who owns ${path} and its permissions`
    throw new NexusError('lock', `${path} cannot be read as a lock`, { hint, cause: error })
  }
}

/** Lock of a home and whether its holder still works on it, for reports. Does not wait. */
export async function inspectLock(
  home: string,
  host: Pick<Host, 'fs' | 'path' | 'processes' | 'clock'>,
  holdMs: number,
): Promise<{ state: LockState; judgement: ReturnType<typeof evaluateHolder> } | undefined> {
  const state = await readLock(home, host)
  if (!state) return undefined
  const runningSince = await findStartTime(state.pid, host)
  const facts = { runningSince, now: host.clock.now(), watchedMs: 0, holdMs }
  const judgement = evaluateHolder(state, { ...facts, isElsewhere: await isElsewhere(state.startTime, host) })
  return { state, judgement }
}

/**
 * Finishes a change of several files whose process was killed past the commit point, so that no reader sees old and new
 * files side by side. Costs one look-up where there is no lock. Where the home cannot be written, it stays as it is.
 */
export async function finishInterruptedChange(home: string, host: LockHost): Promise<void> {
  try {
    const found = await inspectLock(home, host, defaultLockLimits.holdMs)
    if (found?.state.phase !== 'committing' || found.judgement === 'working') return
    const lock = await acquireLock(await host.fs.realPath(home), { ...defaultLockLimits, waitMs: 1000 }, host)
    await lock.release()
  } catch (error) {
    if (host.interrupted.aborted) throw error
  }
}
