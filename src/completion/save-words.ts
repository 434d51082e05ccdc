import type { Host } from '../platform/host.ts'
import { dataDirectory } from '../registry/home/directories.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { registryNames } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { dropWords, keepWords } from './word-cache.ts'
import { renderWords, toWords } from './words.ts'

type SaveHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'randomName' | 'sha256'>

/**
 * Keeps the words of a home where shells find them, so that TAB starts no process. The snapshot has to be what the home
 * holds now: after a sync, one that was read after it wrote. Throws a NexusError('write'), and then the old words stand.
 */
export async function saveWords(home: RegistryHome, snapshot: Snapshot, host: SaveHost): Promise<void> {
  await keepWords(home.directory, renderWords(toWords(snapshot)), host)
  // A shell believes words that are younger than the registries. These would be, of a file that changed meanwhile.
  if (!(await isCurrent(snapshot, host))) await dropWords(home.directory, host)
  if (home.origin === 'config') await dropDefault(host)
}

async function isCurrent(snapshot: Snapshot, host: SaveHost): Promise<boolean> {
  const checks = registryNames.map(async name => {
    const { path, sha256, copy } = snapshot.registries[name]
    const bytes = await host.fs.readBytes(path).catch(() => undefined)
    return (bytes && host.sha256(bytes)) === (copy ? copy.fileSha256 : sha256)
  })
  return (await Promise.all(checks)).every(Boolean)
}

// No shell can tell that a configuration names another home: it would offer the words of the default one for ever.
async function dropDefault(host: SaveHost): Promise<void> {
  const directory = dataDirectory(host)
  if (directory !== undefined) await dropWords(directory, host)
}
