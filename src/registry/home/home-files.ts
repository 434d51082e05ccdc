import { errorMessage, NexusError, systemErrorCode } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import { decodeText } from '../load/decode-text.ts'
import type { FileMode } from '../lock/home-lock.ts'
import { type RegistryName, registryFiles } from '../schema/names.ts'

/** One registry file as it stands before an update. */
export interface HomeFile {
  readonly name: RegistryName
  /** Absolute path. */
  readonly path: string
  /** Undefined when there is no file. With `isSound` false it is only a best effort. */
  readonly text: string | undefined
  /** Whether the text is what the bytes say: the file is UTF-8. */
  readonly isSound: boolean
  readonly mode: FileMode
}

type ReadHost = Pick<Host, 'fs' | 'path'>

/** Reads registry files for an update. Throws a NexusError for what could not be replaced by a file. */
export async function readHomeFiles(
  home: string,
  names: readonly RegistryName[],
  host: ReadHost,
): Promise<HomeFile[]> {
  return Promise.all(names.map(name => readHomeFile(home, name, host)))
}

async function readHomeFile(home: string, name: RegistryName, host: ReadHost): Promise<HomeFile> {
  const path = host.path.join(home, registryFiles[name])
  const info = await host.fs.lstat(path)
  if (!info) return { name, path, text: undefined, isSound: true, mode: { create: 0o644 } }
  if (info.kind !== 'file') throw toKindError(path, info.kind)
  const bytes = await host.fs.readBytes(path, limits.fileBytes).catch(cause => {
    throw toReadError(path, cause)
  })
  const { text, fault } = decodeText(bytes ?? new Uint8Array())
  return { name, path, text, isSound: fault === undefined, mode: { keep: info.mode & 0o777 } }
}

// Writing through the link would not be atomic, and replacing it would silently cut it off from what it leads to.
function toKindError(path: string, kind: string): NexusError {
  if (kind !== 'link')
    return new NexusError('write', `${path} is not a regular file`, { hint: 'Move it out of the way' })
  return new NexusError('write', `${path} is a link: only real files are changed`, {
    hint: 'Link the whole registry home instead, or put the file itself here',
  })
}

function toReadError(path: string, cause: unknown): NexusError {
  if (systemErrorCode(cause) === 'EFBIG')
    return new NexusError('input', errorMessage(cause), {
      hint: 'Split it or remove what is not needed',
      cause,
    })
  const hint = 'Check with `ls -l` who owns it and who may read it'
  return new NexusError('input', `${path} cannot be read: ${errorMessage(cause)}`, { hint, cause })
}
