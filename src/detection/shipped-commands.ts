import { isJsonObject } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import { registryFiles } from '../registry/schema/names.ts'
import type { Detectable } from './plan-target.ts'

/** Says whether everything that an entry would execute is what the program itself ships. */
export type IsShipped = (detectable: Detectable) => boolean

/**
 * Reads the shipped registries for the commands and modules in them. An entry of a home that is not trusted may still
 * be asked with these, word for word.
 */
export async function loadShippedCommands(
  host: Pick<Host, 'fs' | 'path' | 'programRoot'>,
): Promise<IsShipped> {
  const texts = await Promise.all(
    [registryFiles.tools, registryFiles.ml_frameworks].map(file =>
      host.fs.readText(host.path.join(host.programRoot, 'registries', file)),
    ),
  )
  const commands = new Set(texts.flatMap(text => commandsOf(text ?? '{}')))
  return ({ entry }) => commandsIn(entry).every(command => commands.has(command))
}

function commandsOf(text: string): string[] {
  const document: unknown = JSON.parse(text)
  return isJsonObject(document) ? Object.values(document).flatMap(commandsIn) : []
}

// A kind of text each, so that a module's name is never taken for a command.
function commandsIn(entry: unknown): string[] {
  if (!isJsonObject(entry)) return []
  return ['detection', 'version_check', 'import_name'].flatMap(field => {
    const value = entry[field]
    return typeof value === 'string' ? [`${field} ${value}`] : []
  })
}
