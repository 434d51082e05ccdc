import { isJsonObject } from '../lib/json/json-value.ts'
import { parsePlainJson } from '../lib/json/parse-plain-json.ts'
import { limits } from '../lib/limits.ts'
import { program } from '../lib/program.ts'
import type { Host } from '../platform/host.ts'
import { loadShippedMark } from '../registry/home/shipped-mark.ts'
import { type RegistryName, registryFiles } from '../registry/schema/names.ts'
import { loadHistory } from './history.ts'

/** A registry as a version of the program shipped it. */
export interface ShippedDocument {
  readonly version: string
  readonly document: Readonly<Record<string, unknown>>
}

/** All contents of a registry that were ever shipped, the newest last: what this home was made from, and that of this program. */
export async function loadShippedDocuments(
  name: RegistryName,
  home: string,
  host: Pick<Host, 'fs' | 'path' | 'sha256' | 'programRoot'>,
): Promise<ShippedDocument[]> {
  const { fs, path, programRoot } = host
  const [{ versions, contents }, mark, current] = await Promise.all([
    loadHistory(host),
    loadShippedMark(home, host),
    fs.readText(path.join(programRoot, 'registries', registryFiles[name]), limits.fileBytes),
  ])
  // Of versions with the same content, the first shipped it.
  const first = new Map(versions.toReversed().map(({ version, files }) => [files[name], version]))
  const released = [...first].toReversed().map(([hash, version]) => {
    return { version, document: contents.get(hash ?? '') }
  })
  const all = [
    ...released,
    ...(mark ? [{ version: mark.version, document: mark.contents[name] }] : []),
    { version: program.version, document: parsePlainJson(current ?? '')?.value },
  ]
  return all.flatMap(({ version, document }) => (isJsonObject(document) ? [{ version, document }] : []))
}
