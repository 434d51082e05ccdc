import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import { createPositionIndex, type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject, type JsonPath } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import { readWithin } from '../registry/home/directories.ts'
import { rangeOf } from '../registry/load/diagnose.ts'
import { findSchemaErrors, type SchemaError } from '../registry/load/schema-diagnostics.ts'
import { type ConfigFile, configSchema, projectKeys } from '../registry/schema/config.ts'
import { withoutExtensions } from '../registry/schema/extensions.ts'
import {
  type ConfigDocument,
  type ConfigPlace,
  isPackageFile,
  maxConfigBytes,
  maxPackageBytes,
  packageKey,
  parseConfigDocument,
} from './config-files.ts'

/**
 * Reads a file as its kind demands and hands its text to `parse`. Returns the result of `parse`, of
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
  if (document === undefined || (document.root === undefined && document.errors.length === 0))
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

export interface ConfigProblem {
  /** What is wrong, with file, line and column. */
  readonly message: string
  readonly hint: string | null
}

export interface CheckedConfig {
  /** The valid part of the file. */
  readonly content: ConfigFile
  readonly problems: readonly ConfigProblem[]
  /** Sentences about settings that do not count where they stand. */
  readonly notes: readonly string[]
}

/** Checks a configuration against its schema, and takes from a project's what only the user may set. */
function checkConfig(document: ConfigDocument, place: ConfigPlace): CheckedConfig {
  const locate = createLocator(document.text, place)
  const textProblems = document.errors.map(error => toProblem(error, locate))
  const { root } = document
  if (root === undefined || isEmpty(root)) return { content: {}, problems: textProblems, notes: [] }
  const refused = place.origin === 'project' ? findUserKeys(root) : []
  const value = omit(
    withoutExtensions(toValue(root), { isFlatMap: false }),
    refused.map(({ key }) => key),
  )
  const errors = findSchemaErrors(configSchema, value)
  const problems = errors.map(error => toProblem({ ...error, ...rangeOf(root, error) }, locate, error))
  const broken = errors.map(error => String(error.path[0] ?? ''))
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
  error: { readonly message: string; readonly hint: string | null; readonly start: number },
  locate: Locate,
  place: Pick<SchemaError, 'path' | 'isAboutKey'> = { path: [], isAboutKey: false },
): ConfigProblem {
  const name = toSettingName(place.isAboutKey ? place.path.slice(0, -1) : place.path)
  return { message: `${locate(error.start)}: ${name}${error.message}`, hint: error.hint }
}

function toSettingName(path: JsonPath): string {
  return path.length === 0 ? '' : `${path.join('.')}: `
}

// An empty file, or one with comments only, is null in YAML.
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
