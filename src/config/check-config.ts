import { type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject, type JsonPath } from '../lib/json/json-value.ts'
import { createPositionIndex } from '../lib/json/text-position.ts'
import { rangeOf } from '../registry/load/diagnose.ts'
import { findSchemaFaults, type SchemaFault } from '../registry/load/schema-faults.ts'
import { type ConfigFile, configSchema, projectKeys } from '../registry/schema/config.ts'
import { withoutExtensions } from '../registry/schema/extensions.ts'
import type { ConfigDocument } from './config-document.ts'
import type { ConfigPlace } from './config-files.ts'

export interface ConfigProblem {
  /** What is wrong, with file, line and column. */
  readonly message: string
  readonly hint: string | null
}

export interface CheckedConfig {
  /** The sound part of the file. */
  readonly content: ConfigFile
  readonly problems: readonly ConfigProblem[]
  /** Sentences about settings that do not count where they stand. */
  readonly notes: readonly string[]
}

/** Checks a configuration against its schema, and takes from a project's what only the user may set. */
export function checkConfig(document: ConfigDocument, place: ConfigPlace): CheckedConfig {
  const locate = createLocator(document.text, place)
  const textProblems = document.faults.map(fault => toProblem(fault, locate))
  const { root } = document
  if (root === undefined || isEmpty(root)) return { content: {}, problems: textProblems, notes: [] }
  const refused = place.origin === 'project' ? findUserKeys(root) : []
  const value = omit(
    withoutExtensions(toValue(root), { isFlatMap: false }),
    refused.map(({ key }) => key),
  )
  const faults = findSchemaFaults(configSchema, value)
  const problems = faults.map(fault => toProblem({ ...fault, ...rangeOf(root, fault) }, locate, fault))
  const broken = faults.map(fault => String(fault.path[0] ?? ''))
  return {
    content: broken.includes('') ? {} : configSchema.parse(omit(value, broken)),
    problems: [...textProblems, ...problems],
    notes: refused.map(
      ({ key, start }) =>
        `${locate(start)}: "${key}" is ignored here: only your own configuration may set it`,
    ),
  }
}

type Locate = (offset: number) => string

function createLocator(text: string, place: ConfigPlace): Locate {
  const positionOf = createPositionIndex(text)
  return offset => {
    const { line, column } = positionOf(offset)
    return `${place.path}:${line}:${column}`
  }
}

function toProblem(
  fault: { readonly message: string; readonly hint: string | null; readonly start: number },
  locate: Locate,
  place: Pick<SchemaFault, 'path' | 'isAboutKey'> = { path: [], isAboutKey: false },
): ConfigProblem {
  const name = toSettingName(place.isAboutKey ? place.path.slice(0, -1) : place.path)
  return { message: `${locate(fault.start)}: ${name}${fault.message}`, hint: fault.hint }
}

function toSettingName(path: JsonPath): string {
  return path.length === 0 ? '' : `${path.join('.')}: `
}

// A file that says nothing, or only comments, is null in YAML.
function isEmpty(root: JsonNode): boolean {
  return root.kind === 'scalar' && root.value === null
}

function findUserKeys(root: JsonNode): readonly { readonly key: string; readonly start: number }[] {
  if (root.kind !== 'object') return []
  const userKeys = Object.keys(configSchema.shape).filter(key => !projectKeys.includes(key))
  return root.members.filter(({ key }) => userKeys.includes(key))
}

function omit(value: unknown, keys: readonly string[]): unknown {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
}
