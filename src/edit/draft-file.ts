import { NexusError } from '../lib/errors.ts'
import { decodeText } from '../lib/json/parse-plain-json.ts'
import { limits } from '../lib/limits.ts'
import { formatBytes } from '../lib/text/format.ts'
import type { Host, UserFilesHost } from '../platform/host.ts'
import { stateDirectory } from '../registry/home/directories.ts'
import { writePrivateFile } from '../registry/home/files.ts'

/** How long a draft that was kept stays, in milliseconds. */
const draftMs = 30 * 24 * 60 * 60 * 1000

/** The directory of drafts. Throws a NexusError('write') when there is no place for it. */
function requireDirectory(host: UserFilesHost): string {
  const state = stateDirectory(host)
  if (state !== undefined) return host.path.join(state, 'drafts')
  throw new NexusError('write', 'there is no place for a draft: neither HOME nor XDG_STATE_HOME is set', {
    hint: 'Set HOME',
  })
}

/** Writes a draft of an entry that only this user can read, and returns its path. */
export async function createDraft(
  ref: string,
  text: string,
  host: UserFilesHost & Pick<Host, 'randomName'>,
): Promise<string> {
  const directory = requireDirectory(host)
  const name = ref.replace(/[^\w.-]+/g, '-').slice(0, 80)
  const file = host.path.join(directory, `${name}-${host.randomName().slice(0, 8)}.json`)
  await writePrivateFile(file, text, host, { isDurable: false })
  await removeOldDrafts(directory, host).catch(() => undefined)
  return file
}

async function removeOldDrafts(directory: string, { fs, path, clock }: UserFilesHost): Promise<void> {
  for (const name of await fs.list(directory)) {
    const file = path.join(directory, name)
    const info = await fs.lstat(file)
    if (info !== undefined && clock.now() - info.mtimeMs > draftMs) await fs.remove(file)
  }
}

/** The text of a draft. Throws a NexusError('input') when it cannot be read. */
export async function readDraft(file: string, host: Pick<Host, 'fs'>): Promise<string> {
  const bytes = await host.fs.readBytes(file, limits.fileBytes).catch(cause => {
    throw new NexusError('input', `${file} cannot be read`, {
      hint: `A draft is a file of at most ${formatBytes(limits.fileBytes)}`,
      cause,
    })
  })
  if (bytes === undefined) throw new NexusError('input', `${file} does not exist. Nothing was changed`)
  const { text, error } = decodeText(bytes)
  if (error) throw new NexusError('input', `${file} is not UTF-8`, { hint: 'Save it as UTF-8' })
  return text
}

/** Removes a draft that this program made. A file of the user stays. */
export async function removeDraft(file: string, host: UserFilesHost): Promise<void> {
  if (host.path.dirname(file) === requireDirectory(host)) await host.fs.remove(file).catch(() => undefined)
}
