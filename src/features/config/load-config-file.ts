import { errorMessage, NexusError } from '../../core/errors.ts'
import type { Host } from '../../core/host.ts'
import { toValue } from '../../core/json/json-node.ts'
import { type CheckedConfig, checkConfig } from './check-config.ts'
import { type ConfigDocument, parseConfigDocument } from './config-document.ts'
import { type ConfigPlace, maxConfigBytes } from './config-files.ts'
import { isPackageFile, packageKey } from './package-file.ts'

/**
 * Reads a file as its kind demands and hands its text to `parse`. Answers with what `parse` made of it, of
 * `package.json` with the part under our name, or undefined when there is none.
 */
export type ReadConfigFile = (path: string, parse: (text: string) => Promise<unknown>) => Promise<unknown>

export interface ConfigFileReader {
  readonly fs: Pick<Host['fs'], 'readText'>
  readonly read: ReadConfigFile
}

/** Reads and checks one configuration file; undefined when it holds no configuration. */
export async function loadConfigFile(
  place: ConfigPlace,
  reader: ConfigFileReader,
): Promise<CheckedConfig | undefined> {
  if (!isPackageFile(place.path)) await requireReadable(place, reader)
  let document: ConfigDocument | undefined
  await reader.read(place.path, async readText => {
    document = await parseConfigDocument(place.path, readText)
    return toPlainValue(document, place)
  })
  if (document === undefined || (document.root === undefined && document.faults.length === 0))
    return undefined
  return checkConfig(document, place)
}

// cosmiconfig would read a file of any size.
async function requireReadable({ path }: ConfigPlace, { fs }: ConfigFileReader): Promise<void> {
  try {
    await fs.readText(path, maxConfigBytes)
  } catch (error) {
    throw new NexusError('config', `the configuration file cannot be read: ${errorMessage(error)}`, {
      hint: 'Make it readable, or move it away',
      cause: error,
    })
  }
}

// cosmiconfig follows `$import` to other files. Ours has no such key, and checkConfig says so.
function toPlainValue({ root }: ConfigDocument, place: ConfigPlace): unknown {
  if (root?.kind !== 'object') return isPackageFile(place.path) ? {} : null
  const members = root.members.filter(({ key }) => key !== '$import')
  const value = toValue({ ...root, members })
  return isPackageFile(place.path) ? { [packageKey]: value } : value
}
