import { NexusError } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import { registryFiles } from '../schema/names.ts'

const lockName = '.nexus-registry.lock'
const daemonName = '.nexus-registry.daemon'
const pendingPrefix = `${lockName}-`
const stagedPrefix = '.nexus-registry.stage-'

/** File of the tokens of a home, which has a directory and a lock of its own in the state directory. */
export const tokenFileName = 'tokens.json'

/** File of a home that says which shipped data is in it. It changes together with the registries. */
export const shippedMarkName = '.nexus-registry.shipped.json'

const stagedFileNames: readonly string[] = [...Object.values(registryFiles), shippedMarkName, tokenFileName]

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

/**
 * Who has the lock on a home, and how far that one is:
 * - `held`: reading and staging. Taking over loses only work.
 * - `committing`: past the commit point. Taking over means finishing it first.
 */
export interface LockState {
  readonly phase: 'held' | 'committing'
  readonly pid: number
  /** Start time of that process, encoded for a file name; empty when the system does not report it. */
  readonly startTime: string
  /** Wall clock, milliseconds since 1970. */
  readonly acquiredAt: number
  /** Random, of 16 hexadecimal digits; never used twice. */
  readonly nonce: string
}

// Four numbers and a nonce fit in a name, so there is no content that could be torn, and one rename changes it all.
const statePattern = /^(held|committing)-(\d{1,10})-(\d{1,16})-([0-9a-f]{16})-([\w.!~*'()%-]{0,64})$/

/** Name of the one thing that lies in a lock. */
export function formatLockState(state: LockState): string {
  return `${state.phase}-${state.pid}-${state.acquiredAt}-${state.nonce}-${state.startTime}`
}

/** Reads a name in a lock; undefined when it is not the name of a state. */
export function parseLockState(name: string): LockState | undefined {
  const [, phase, pid, acquiredAt, nonce, startTime] = statePattern.exec(name) ?? []
  if (phase !== 'held' && phase !== 'committing') return undefined
  if (nonce === undefined || startTime === undefined) return undefined
  return { phase, pid: Number(pid), acquiredAt: Number(acquiredAt), nonce, startTime }
}

interface HolderFacts {
  /** Start time of the process that has the holder's pid now, encoded; undefined when there is none. */
  readonly runningSince: string | undefined
  /** Wall clock. */
  readonly now: number
  /** How long this very state has been watched, milliseconds of the monotonic clock. */
  readonly watchedMs: number
  /** How long anybody may hold the lock, milliseconds. */
  readonly holdMs: number
  /** Whether the holder is on another host or in another container: its pid says nothing here. */
  readonly isElsewhere?: boolean
}

/**
 * Whether the holder still works on it: `gone` when its process has ended, `stopped` when it holds the lock for too
 * long. The age is doubted when the clock was set back: then only what was watched counts.
 */
export function evaluateHolder(state: LockState, facts: HolderFacts): 'working' | 'gone' | 'stopped' {
  // Clocks of two hosts differ: only what was watched counts.
  if (facts.isElsewhere) return facts.watchedMs > facts.holdMs ? 'stopped' : 'working'
  // Without a start time there is no telling whether the pid was given to another process since.
  const isKnown = state.startTime !== ''
  if (isKnown && facts.runningSince !== state.startTime) return 'gone'
  const age = facts.now - state.acquiredAt
  return age > facts.holdMs || facts.watchedMs > facts.holdMs ? 'stopped' : 'working'
}

/** Start time of a process, encoded for a file name; undefined when there is no such process. */
export async function findStartTime(pid: number, host: Pick<Host, 'processes'>): Promise<string | undefined> {
  const startTime = await host.processes.startTime(pid)
  return startTime === undefined ? undefined : encodeURIComponent(startTime).slice(0, 64)
}

/**
 * Whether a process with this start time belongs to another host, or to a container with process ids of its own, or
 * cannot be seen for want of /proc. Nothing can be said from here about whether it still runs.
 */
export async function isElsewhere(startTime: string, host: Pick<Host, 'processes'>): Promise<boolean> {
  const theirs = namespaceOf(startTime)
  const ours = namespaceOf((await findStartTime(host.processes.pid, host)) ?? '')
  return theirs !== undefined && theirs !== ours
}

function namespaceOf(startTime: string): string | undefined {
  return startTime.split('~')[1]
}

/** Throws when the user has interrupted the program. Call it only where stopping leaves everything as it was. */
export function throwIfInterrupted(host: Pick<Host, 'interrupted'>): void {
  if (host.interrupted.aborted) throw new NexusError('interrupted', 'Interrupted: nothing was changed')
}

/** Sleeps, and throws as soon as the user interrupts the program. */
export async function sleepUnlessInterrupted(
  ms: number,
  host: Pick<Host, 'interrupted' | 'clock'>,
): Promise<void> {
  try {
    await host.clock.sleep(ms, host.interrupted)
  } catch (error) {
    throwIfInterrupted(host)
    throw error
  }
}

/** Bounds on waiting for each other, in milliseconds but for `tries`. */
export interface LockLimits {
  /** How long to wait for the lock. */
  readonly waitMs: number
  /** How long a holder may take before it counts as stopped and the lock is taken from it. */
  readonly holdMs: number
  /** How often to start again when the lock was taken away in the middle. */
  readonly tries: number
}

export const defaultLockLimits: LockLimits = { waitMs: 30_000, holdMs: 10_000, tries: 5 }
