import { findNode, type JsonNode } from '../lib/json/json-node.ts'
import type { JsonFault } from '../lib/json/json-scanner.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { isPackageFile, packageKey } from './package-file.ts'

/** Text of a configuration file, read. */
export interface ConfigDocument {
  readonly text: string
  /** The configuration in it; undefined when it holds none or cannot be read. */
  readonly root: JsonNode | undefined
  readonly faults: readonly JsonFault[]
}

/** Reads JSON by the ending of the file's name, everything else as YAML. Of package.json only our own part counts. */
export async function parseConfigDocument(path: string, text: string): Promise<ConfigDocument> {
  const { root, faults } = path.endsWith('.json') ? parseJson(text) : await parseYamlText(text)
  if (!isPackageFile(path) || root === undefined) return { text, root, faults }
  const own = findNode(root, [packageKey])
  const ownFaults = faults.filter(fault => own && fault.start >= own.start && fault.end <= own.end)
  return { text, root: own, faults: ownFaults }
}

async function parseYamlText(text: string) {
  const { parseYaml } = await import('../lib/yaml/parse-yaml.ts')
  return parseYaml(text)
}
