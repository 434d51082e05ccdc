import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import { cacheDirectory } from '../home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../home/private-file.ts'
import { storedName } from '../home/stored-name.ts'
import type { RegistryName } from '../schema/names.ts'

export type CopyHost = Pick<
  Host,
  'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'
>

/** A registry's file as it was when it was last found sound. */
export interface GoodCopy {
  readonly text: string
  /** SHA-256 of its bytes. */
  readonly sha256: string
  /** When the file was last seen like this, milliseconds since 1970. */
  readonly seenAt: number
}

export interface CopyOwner {
  /** Registry home. */
  readonly home: string
  readonly name: RegistryName
}

/** The first line of a copy: the SHA-256 of the rest. */
const headLength = 64 + 1

/** The last good copy of a registry; undefined when there is none that is whole and this user's own. */
export async function loadGoodCopy(owner: CopyOwner, host: CopyHost): Promise<GoodCopy | undefined> {
  const path = copyPath(owner, host)
  if (path === undefined) return undefined
  const [kept, info] = await Promise.all([
    readPrivateFile(path, limits.fileBytes + headLength, host),
    host.fs.lstat(path),
  ]).catch(() => [])
  if (kept === undefined || info === undefined) return undefined
  const [sha256, text] = [kept.slice(0, headLength - 1), kept.slice(headLength)]
  return kept[headLength - 1] === '\n' && host.sha256(text) === sha256
    ? { text, sha256, seenAt: info.mtimeMs }
    : undefined
}

/**
 * Keeps sound bytes of a registry. They are only written where they differ from those that are kept; that they were seen
 * is noted in any case. Without a cache directory nothing happens.
 */
export async function saveGoodCopy(owner: CopyOwner, bytes: Uint8Array, host: CopyHost): Promise<void> {
  const path = copyPath(owner, host)
  if (path === undefined) return
  const sha256 = host.sha256(bytes)
  const known = await loadGoodCopy(owner, host)
  if (known?.sha256 !== sha256) {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    await writePrivateFile(path, `${sha256}\n${text}`, host, { isDurable: false })
  }
  await host.fs.setModified(path, host.clock.now())
}

/** Where copies are kept, a directory for each home; undefined without a cache directory. */
export function copiesDirectory(host: CopyHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'copies')
}

function copyPath({ home, name }: CopyOwner, host: CopyHost): string | undefined {
  const directory = copiesDirectory(host)
  return directory && host.path.join(directory, storedName(home, host), name)
}
