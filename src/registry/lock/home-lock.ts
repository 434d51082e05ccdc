import { errorMessage, NexusError } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import { unlessMissing } from '../home/directories.ts'
import {
  findStartTime,
  formatLockState,
  isElsewhere,
  type LockState,
  lockPath,
  parsePendingName,
  parseStagedName,
  stagedPath,
} from './lock-state.ts'

/**
 * A lock that this process acquired, and may have lost since without knowing. That is safe: whatever it does goes by
 * names that only it has, and only `commit` makes anything visible.
 */
export interface HomeLock {
  /** Writes a new text beside the file, synced to the disk; `mode` is for a file that is not there yet. */
  stage(file: string, text: string, mode: FileMode): Promise<void>
  /** Puts everything staged in place, all or nothing. False when the lock was lost, and then nothing was changed. */
  commit(): Promise<boolean>
  /** Gives the lock back and removes what was staged and not committed. */
  release(): Promise<void>
}

/** Exact permission bits to keep, or those of a new file, which the umask may lessen. */
export type FileMode = { readonly keep: number } | { readonly create: number }

type CommitHost = Pick<Host, 'fs' | 'path' | 'processes'>

/** The lock of the holder with this state, `held`, which was just put in place. */
export function createHomeLock(home: string, held: LockState, host: CommitHost): HomeLock {
  const staged: string[] = []
  const committing: LockState = { ...held, phase: 'committing' }
  let phase: 'open' | 'committed' | 'unfinished' = 'open'
  return {
    stage: async (file, text, mode) => {
      const path = stagedPath(home, held.nonce, file, host)
      staged.push(file)
      await host.fs.createFile(path, text, 'keep' in mode ? 0o600 : mode.create)
      if ('keep' in mode) await host.fs.setMode(path, mode.keep)
    },
    commit: async () => {
      await host.fs.syncDirectory(home)
      if (!(await changeState(home, held, committing, host))) return false
      phase = 'unfinished'
      await finishCommit(home, committing, staged, host)
      phase = 'committed'
      return true
    },
    release: async () => {
      // What is past the commit point is for the next owner to finish.
      if (phase === 'unfinished') return
      if (phase === 'open')
        for (const file of staged) await host.fs.remove(stagedPath(home, held.nonce, file, host))
      await host.fs.removeEmptyDirectory(statePath(home, phase === 'open' ? held : committing, host))
      await host.fs.removeEmptyDirectory(lockPath(home, host))
    },
  }
}

async function finishCommit(
  home: string,
  state: LockState,
  staged: readonly string[],
  host: CommitHost,
): Promise<void> {
  try {
    // Past a power cut, no file may be new without the state that says that all are to be.
    if (staged.length > 1) await unlessMissing(() => host.fs.syncDirectory(lockPath(home, host)))
    for (const file of staged) await moveIntoPlace(home, state.nonce, file, host)
    await host.fs.syncDirectory(home)
  } catch (error) {
    // The next owner need not wait until this one counts as stopped.
    await changeState(home, state, { ...state, acquiredAt: 0 }, host).catch(() => false)
    throw toUnfinishedError(home, error)
  }
}

function toUnfinishedError(home: string, cause: unknown): NexusError {
  const message = `${home} could be changed only in part: ${errorMessage(cause)}`
  const hint = 'Put the cause right; the next change then finishes this one first'
  return new NexusError('write', message, { hint, cause })
}

// This rename is what decides between the holder and who takes over from it: one of them finds the old name gone.
async function changeState(home: string, from: LockState, to: LockState, host: CommitHost): Promise<boolean> {
  const rename = () => host.fs.rename(statePath(home, from, host), statePath(home, to, host))
  return unlessMissing(rename)
}

function statePath(home: string, state: LockState, host: Pick<Host, 'path'>): string {
  return host.path.join(lockPath(home, host), formatLockState(state))
}

/**
 * Moves a staged file into its place. A staged file is moved once, by the first of two: its owner, or the process that
 * takes over after the commit. So one that is gone is in its place already.
 */
async function moveIntoPlace(home: string, nonce: string, file: string, host: CommitHost): Promise<void> {
  const staged = stagedPath(home, nonce, file, host)
  await unlessMissing(() => host.fs.rename(staged, host.path.join(home, file)))
}

/** Finishes a commit that its owner began: `names` are those in the home, listed after the commit. */
export async function rollForward(
  home: string,
  names: readonly string[],
  nonce: string,
  host: CommitHost,
): Promise<void> {
  for (const name of names) {
    const staged = parseStagedName(name)
    if (staged?.nonce === nonce) await moveIntoPlace(home, nonce, staged.file, host)
  }
  await host.fs.syncDirectory(home)
}

/**
 * Removes what earlier owners left. `names` must have been listed before the lock was acquired: then every staged
 * file among them belongs to a process that has lost the lock, even if this process is stopped here for an hour.
 */
export async function sweepLeftovers(
  home: string,
  names: readonly string[],
  host: CommitHost,
): Promise<void> {
  for (const name of names) {
    if (parseStagedName(name)) await host.fs.remove(host.path.join(home, name))
    const pending = parsePendingName(name)
    if (!pending || (await isElsewhere(pending.startTime, host))) continue
    if ((await findStartTime(pending.pid, host)) !== pending.startTime)
      await host.fs.removeTree(host.path.join(home, name))
  }
}
