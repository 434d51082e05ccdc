import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { decodeText } from '../registry/load/decode-text.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'

/** Which registry a file is: what its `$schema` says, else its name. Undefined when neither says it. */
export function guessRegistry(file: string, bytes: Uint8Array | undefined): RegistryName | undefined {
  return (bytes && guessBySchema(bytes)) ?? guessByName(file)
}

// What is meant to be a registry and is no JSON has to be told, not passed over.
const brokenSchemaPattern = /"\$schema"\s*:\s*"([^"\\]*)"/

function guessBySchema(bytes: Uint8Array): RegistryName | undefined {
  const { text } = decodeText(bytes)
  const { root, value } = parseJson(text)
  const schema = isJsonObject(value) ? value.$schema : undefined
  const named = root === undefined ? brokenSchemaPattern.exec(text.slice(0, 4096))?.[1] : schema
  if (typeof named !== 'string') return undefined
  const file = named.split(/[/\\]/).at(-1)
  return registryNames.find(name => file === registryFiles[name].replace('.json', '.schema.json'))
}

// `tools.json`, `tool_registry.staging.json`, `old-tool_registry.json`; not what names two of them.
function guessByName(file: string): RegistryName | undefined {
  const names = new Set(file.split(/[.\s-]+/).map(parseRegistryName))
  names.delete(undefined)
  const [only, ...others] = names
  return others.length === 0 ? only : undefined
}
