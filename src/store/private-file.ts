import type { FileInfo, Host, WriteOptions } from '../core/host.ts'
import { openPrivateDirectory } from './directories.ts'
import { explainForeignControl } from './ownership.ts'
import { writing } from './write-error.ts'

type WriteHost = Pick<Host, 'fs' | 'path' | 'uid' | 'clock' | 'randomName'>

/** A temporary file of a writer that was killed is swept when it is older than this. */
const leftoverAgeMs = 60_000

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
  const temporary = host.path.join(directory, `${temporaryPrefix(path, host)}${host.randomName()}`)
  await writing(path, async () => {
    await sweepLeftovers(path, host)
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

function temporaryPrefix(path: string, host: Pick<Host, 'path'>): string {
  return `.${host.path.basename(path)}-`
}

async function sweepLeftovers(path: string, host: WriteHost): Promise<void> {
  const directory = host.path.dirname(path)
  const prefix = temporaryPrefix(path, host)
  for (const name of await host.fs.list(directory)) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{16}$/.test(name.slice(prefix.length))) continue
    const leftover = host.path.join(directory, name)
    const info = await host.fs.lstat(leftover)
    if (info && host.clock.now() - info.mtimeMs > leftoverAgeMs) await host.fs.remove(leftover)
  }
}
