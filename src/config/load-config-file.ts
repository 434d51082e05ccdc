import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import { toValue } from '../lib/json/json-node.ts'
import type { Host } from '../platform/host.ts'
import { readWithin } from '../registry/home/project-files.ts'
import { type CheckedConfig, checkConfig } from './check-config.ts'
import { type ConfigDocument, parseConfigDocument } from './config-document.ts'
import { type ConfigPlace, maxConfigBytes } from './config-files.ts'
import { isPackageFile, maxPackageBytes, packageKey } from './package-file.ts'

/**
 * Reads a file as its kind demands and hands its text to `parse`. Answers with what `parse` made of it, of
 * `package.json` with the part under our name, or undefined when there is none.
 */
export type ReadConfigFile = (path: string, parse: (text: string) => Promise<unknown>) => Promise<unknown>

export interface ConfigFileReader {
  readonly host: Pick<Host, 'fs' | 'path'>
  readonly read: ReadConfigFile
}

/** Reads and checks one configuration file; undefined when it holds no configuration. */
export async function loadConfigFile(
  place: ConfigPlace,
  reader: ConfigFileReader,
): Promise<CheckedConfig | undefined> {
  // cosmiconfig reads a file of any size, wherever a link leads: what counts is what was read here.
  const text = await readPlace(place, reader.host)
  let document: ConfigDocument | undefined
  await reader.read(place.path, async () => {
    document = await parseConfigDocument(place.path, text)
    return toPlainValue(document, place)
  })
  if (document === undefined || (document.root === undefined && document.faults.length === 0))
    return undefined
  return checkConfig(document, place)
}

/**
 * Text of a configuration file. One of a project is a file of the repository: a link out of it could show others what only
 * this user may read.
 */
async function readPlace({ path, bounds }: ConfigPlace, { fs }: Pick<Host, 'fs'>): Promise<string> {
  const most = isPackageFile(path) ? maxPackageBytes : maxConfigBytes
  try {
    const bytes = await readWithin(bounds, path, most, { fs })
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  } catch (error) {
    const isOutside = systemErrorCode(error) === 'EXDEV'
    throw new NexusError('config', `the configuration file cannot be read: ${errorMessage(error)}`, {
      hint: isOutside ? 'Put the file itself there, or remove the link' : 'Make it readable, or move it away',
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
