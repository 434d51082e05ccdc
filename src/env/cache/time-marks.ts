import type { Host } from '../../platform/host.ts'
import { cacheDirectory, openPrivateDirectory } from '../../registry/home/directories.ts'
import { sweepTemporaries } from '../../registry/home/sweep-temporaries.ts'
import { writing } from '../../registry/home/write-error.ts'

/**
 * POSIX shells can compare the times of two files, and read neither. So for every moment that they have to compare with
 * there is an empty file with that modification time, named after it: milliseconds since 1970.
 */
export function timeMarksDirectory(host: Pick<Host, 'env' | 'userHome' | 'path'>): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'times')
}

type MarkHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'randomName'>

/** Two that are always there, within one second: a shell sees by them whether it sees that. */
const fractions = [1, 2]

/** When there are more than this, all are removed: who needs one makes it anew. */
const mostMarks = 4096

/** Makes marks for these moments where there are none yet. Throws a NexusError('write'). */
export async function placeTimeMarks(moments: readonly number[], host: MarkHost): Promise<void> {
  const directory = timeMarksDirectory(host)
  if (directory === undefined) return
  await openPrivateDirectory(directory, host)
  const names = await writing(directory, () => host.fs.list(directory))
  if (names.length > mostMarks) await writing(directory, () => removeAll(directory, names, host))
  await sweepTemporaries({ directory, prefix: '.', kind: 'file', names, isBackdated: true }, host)
  const existing = new Set(names.length > mostMarks ? [] : names)
  const missing = [...new Set([...fractions, ...moments])].filter(moment => !existing.has(String(moment)))
  await writing(directory, () => Promise.all(missing.map(moment => placeMark(directory, moment, host))))
}

// It appears with its time: one that is being made must not be taken for a moment that it is not.
async function placeMark(
  directory: string,
  moment: number,
  { fs, path, randomName }: MarkHost,
): Promise<void> {
  const temporary = path.join(directory, `.${randomName()}`)
  await fs.createFile(temporary, '', 0o600, { isDurable: false })
  await fs.setModified(temporary, moment)
  await fs.rename(temporary, path.join(directory, String(moment)))
}

async function removeAll(directory: string, names: readonly string[], host: MarkHost): Promise<void> {
  for (const name of names) await host.fs.remove(host.path.join(directory, name))
}
