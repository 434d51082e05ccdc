import type { FileInfo, Host, WriteOptions } from '../../platform/host.ts'
import { openPrivateDirectory } from './directories.ts'
import { explainForeignControl } from './ownership.ts'
import { sweepTemporaries } from './sweep-temporaries.ts'
import { writing } from './write-error.ts'

type WriteHost = Pick<Host, 'fs' | 'path' | 'uid' | 'clock' | 'randomName'>

/**
 * Writes a file that only this user can read (0600), in a private directory of its own, in one atomic step.
 * Throws a NexusError('write'), and then the old file stands.
 */
export async function writePrivateFile(
  path: string,
  text: string,
  host: WriteHost,
  options: WriteOptions = { isDurable: true },
): Promise<void> {
  const directory = host.path.dirname(path)
  await openPrivateDirectory(directory, host)
  const prefix = `.${host.path.basename(path)}-`
  const temporary = host.path.join(directory, `${prefix}${host.randomName()}`)
  await writing(path, async () => {
    await sweepTemporaries({ directory, prefix, kind: 'file' }, host)
    try {
      await host.fs.createFile(temporary, text, 0o600, options)
      await host.fs.rename(temporary, path)
    } catch (error) {
      await host.fs.remove(temporary).catch(() => undefined)
      throw error
    }
    if (options.isDurable) await host.fs.syncDirectory(directory)
  })
}

/** Text of a file that only this user can have written; undefined when there is none. */
export async function readPrivateFile(
  path: string,
  maxBytes: number,
  host: Pick<Host, 'fs' | 'path' | 'uid'>,
): Promise<string | undefined> {
  const [directory, file] = await Promise.all([host.fs.stat(host.path.dirname(path)), host.fs.lstat(path)])
  if (!directory || !file || !isPrivate(directory, host) || !isPrivate(file, host)) return undefined
  return file.kind === 'file' ? host.fs.readText(path, maxBytes) : undefined
}

function isPrivate(info: FileInfo, host: Pick<Host, 'uid'>): boolean {
  return explainForeignControl(info, host) === undefined
}
