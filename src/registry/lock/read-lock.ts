import { NexusError, systemErrorCode } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import { findStartTime, isElsewhere } from './find-start-time.ts'
import { lockPath } from './lock-paths.ts'
import { judgeHolder, type LockState, parseLockState } from './lock-state.ts'

/** State of a home's lock; undefined when nobody holds it. Throws when something else lies in its place. */
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

/** Lock of a home and whether its holder still works on it, for people to look at. Waits for nothing. */
export async function inspectLock(
  home: string,
  host: Pick<Host, 'fs' | 'path' | 'processes' | 'clock'>,
  holdMs: number,
): Promise<{ state: LockState; judgement: ReturnType<typeof judgeHolder> } | undefined> {
  const state = await readLock(home, host)
  if (!state) return undefined
  const runningSince = await findStartTime(state.pid, host)
  const facts = { runningSince, now: host.clock.now(), watchedMs: 0, holdMs }
  const judgement = judgeHolder(state, { ...facts, isElsewhere: await isElsewhere(state.startTime, host) })
  return { state, judgement }
}
