import { NexusError } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import type { FileInfo, Host } from '../../platform/host.ts'
import { decodeText } from '../load/decode-text.ts'
import { sweepTemporaries } from './sweep-temporaries.ts'
import { writing } from './write-error.ts'

type ReplaceHost = Pick<Host, 'fs' | 'path' | 'clock' | 'randomName'>

/**
 * Replaces the text of a file that belongs to no home: the old file or the new one stands at any time, with the same
 * permissions. Throws a NexusError('write') when it is no regular file, or its text is not `before` any more.
 */
export async function replaceFile(
  path: string,
  { before, after }: { before: string; after: string },
  host: ReplaceHost,
): Promise<void> {
  const info = await requireFile(path, host)
  const directory = host.path.dirname(path)
  const prefix = `.${host.path.basename(path)}-`
  const temporary = host.path.join(directory, `${prefix}${host.randomName()}`)
  await writing(path, async () => {
    await sweepTemporaries({ directory, prefix, kind: 'file' }, host)
    try {
      await host.fs.createFile(temporary, after, 0o600)
      await host.fs.setMode(temporary, info.mode & 0o777)
      await requireText(path, before, host)
      await host.fs.rename(temporary, path)
    } catch (error) {
      await host.fs.remove(temporary).catch(() => undefined)
      throw error
    }
    await host.fs.syncDirectory(directory)
  })
}

async function requireFile(path: string, host: ReplaceHost): Promise<FileInfo> {
  const info = await host.fs.lstat(path)
  if (info?.kind === 'file') return info
  const what = info?.kind === 'link' ? 'is a link: only real files are changed' : 'is not a regular file'
  throw new NexusError('write', `${path} ${what}`, { hint: 'Name the file itself' })
}

// There is no lock outside of a home: whoever changed it meanwhile is not overwritten.
async function requireText(path: string, text: string, host: ReplaceHost): Promise<void> {
  const bytes = await host.fs.readBytes(path, limits.fileBytes)
  if (bytes && decodeText(bytes).text === text) return
  throw new NexusError('write', `${path} was changed by another program meanwhile. Nothing was changed`, {
    hint: 'Try again',
  })
}
