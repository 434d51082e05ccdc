import { limits } from '../../lib/limits.ts'
import type { UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, storedName } from '../home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../home/files.ts'
import { parseRegistry } from '../load/parse-registry.ts'
import { type RegistryName, registryFiles } from '../schema/names.ts'
import type { LoadedRegistry } from '../snapshot.ts'

/** A registry whose file cannot be used, with the content of its backup where there is one. */
export async function withBackup<Name extends RegistryName>(
  loaded: LoadedRegistry<Name>,
  home: string,
  host: UserFilesHost,
): Promise<LoadedRegistry<Name>> {
  const { name, sha256: fileSha256 } = loaded
  const copy = await loadBackup({ home, name }, host)
  if (!copy) return loaded
  const content = toContent(name, copy)
  if (content === undefined) return loaded
  return { ...loaded, content, sha256: copy.sha256, copy: { seenAt: copy.seenAt, fileSha256 } }
}

/** The backup of a registry, if it can be used. */
export async function loadUsableCopy(owner: CopyOwner, host: UserFilesHost): Promise<Backup | undefined> {
  const copy = await loadBackup(owner, host)
  return copy && toContent(owner.name, copy) !== undefined ? copy : undefined
}

// It is checked again: what another version of the program accepts may be invalid for this one.
function toContent<Name extends RegistryName>(name: Name, { text }: Backup) {
  return parseRegistry(name, registryFiles[name], new TextEncoder().encode(text)).content
}

/** A registry's file as it was when it was last valid. */
export interface Backup {
  readonly text: string
  /** SHA-256 of its bytes. */
  readonly sha256: string
  /** When the file was last seen like this, milliseconds since 1970. */
  readonly seenAt: number
}

interface CopyOwner {
  /** Registry home. */
  readonly home: string
  readonly name: RegistryName
}

/** The first line of a copy: the SHA-256 of the rest. */
const headLength = 64 + 1

/** The backup of a registry; undefined when there is no complete one of this user. */
async function loadBackup(owner: CopyOwner, host: UserFilesHost): Promise<Backup | undefined> {
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

/** A backup that was replaced by a newer one. */
export interface BackupChange {
  readonly name: RegistryName
  readonly before: string
  readonly after: string
  /** When the file was last seen as it was before, milliseconds since 1970. */
  readonly since: number
}

/**
 * Keeps valid bytes of a registry. They are only written where they differ from those that are kept; that they were seen
 * is saved in any case. Does nothing without a cache directory. Returns what was replaced.
 */
export async function saveBackup(
  owner: CopyOwner,
  bytes: Uint8Array,
  host: UserFilesHost,
): Promise<BackupChange | undefined> {
  const path = copyPath(owner, host)
  if (path === undefined) return undefined
  const sha256 = host.sha256(bytes)
  const known = await loadBackup(owner, host)
  const isNew = known?.sha256 !== sha256
  const after = isNew ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : ''
  if (isNew) await writePrivateFile(path, `${sha256}\n${after}`, host, { isDurable: false })
  await host.fs.setModified(path, host.clock.now())
  return isNew && known ? { name: owner.name, before: known.text, after, since: known.seenAt } : undefined
}

/** Where copies are kept, a directory for each home; undefined without a cache directory. */
export function copiesDirectory(host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'copies')
}

function copyPath({ home, name }: CopyOwner, host: UserFilesHost): string | undefined {
  const directory = copiesDirectory(host)
  return directory && host.path.join(directory, storedName(home, host), name)
}
