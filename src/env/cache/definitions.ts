import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import { type WatchedFile, watchFiles } from '../../registry/home/watched-file.ts'
import { withoutDetected } from '../../registry/load/without-detected.ts'
import { detectedRegistryNames, type RegistryName, registryFiles } from '../../registry/schema/names.ts'

/** Registries that decide what is asked, and how long the answer is good. */
const asked = [...detectedRegistryNames, 'hyper'] as const satisfies readonly RegistryName[]

/** What a home asks. */
export interface Definitions {
  /**
   * SHA-256 of its registries without `detected`: a sync changes their files, and the question stays the same. So answers
   * to several questions live side by side, whichever of them was synced last.
   */
  readonly id: string
  /** The registry files as they were just before they were read. */
  readonly files: readonly WatchedFile[]
  /** The home itself: it tells of a file that was exchanged for one of the same time. */
  readonly directory: WatchedFile
}

type DefinitionsHost = Pick<Host, 'fs' | 'path' | 'clock' | 'sha256'>

/** Reads what a home asks. What is missing or broken is part of it: this never rejects. */
export async function loadDefinitions(home: string, host: DefinitionsHost): Promise<Definitions> {
  const paths = asked.map(name => host.path.join(home, registryFiles[name]))
  const [directory = { path: home, state: undefined }, ...files] = await watchFiles([home, ...paths], host)
  const texts = await Promise.all(files.map(({ path, state }) => (state ? readDefinitions(path, host) : '')))
  return { id: host.sha256(JSON.stringify(texts)), files, directory }
}

async function readDefinitions(path: string, { fs }: Pick<Host, 'fs'>): Promise<string> {
  const text = await fs.readText(path, limits.fileBytes).catch(() => undefined)
  return text === undefined ? '' : withoutDetected(text)
}
