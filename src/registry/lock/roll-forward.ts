import type { Host } from '../../platform/host.ts'
import { unlessMissing } from '../home/unless-missing.ts'
import { findStartTime, isElsewhere } from './find-start-time.ts'
import { parsePendingName, parseStagedName, stagedPath } from './lock-paths.ts'

type StageHost = Pick<Host, 'fs' | 'path' | 'processes'>

/**
 * Moves a staged file into its place. A staged file is moved once, by whoever comes first: its owner, or the one who
 * takes over after the commit. So one that is gone is in its place already.
 */
export async function moveIntoPlace(
  home: string,
  nonce: string,
  file: string,
  host: StageHost,
): Promise<void> {
  const staged = stagedPath(home, nonce, file, host)
  await unlessMissing(() => host.fs.rename(staged, host.path.join(home, file)))
}

/** Finishes a commit that its owner began: `names` are those in the home, listed after the commit. */
export async function rollForward(
  home: string,
  names: readonly string[],
  nonce: string,
  host: StageHost,
): Promise<void> {
  for (const name of names) {
    const staged = parseStagedName(name)
    if (staged?.nonce === nonce) await moveIntoPlace(home, nonce, staged.file, host)
  }
  await host.fs.syncDirectory(home)
}

/**
 * Removes what earlier owners left. `names` must have been listed before the lock was acquired: then every staged
 * file among them belongs to somebody who has lost the lock, even if this process is stopped here for an hour.
 */
export async function sweepLeftovers(home: string, names: readonly string[], host: StageHost): Promise<void> {
  for (const name of names) {
    if (parseStagedName(name)) await host.fs.remove(host.path.join(home, name))
    const pending = parsePendingName(name)
    if (!pending || (await isElsewhere(pending.startTime, host))) continue
    if ((await findStartTime(pending.pid, host)) !== pending.startTime)
      await host.fs.removeTree(host.path.join(home, name))
  }
}
