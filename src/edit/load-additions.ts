import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import type { JsonNode } from '../lib/json/json-node.ts'
import { isJsonObject, type JsonPath, valueAt } from '../lib/json/json-value.ts'
import { type ParsedJson, parseJson } from '../lib/json/parse-json.ts'
import { decodeText } from '../lib/json/parse-plain-json.ts'
import { limits } from '../lib/limits.ts'
import { formatBytes } from '../lib/text/format.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host } from '../platform/host.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { isSubRegistry, type RegistryName, subRegistryNames } from '../registry/schema/names.ts'
import type { Addition } from './addition.ts'
import { type AdditionKind, additionKinds } from './addition-kinds.ts'
import { createPlaces } from './problems.ts'

type FileHost = Pick<Host, 'fs' | 'path' | 'cwd' | 'readInput'>

/** The additions of a file of JSON or YAML; `-` is stdin. Throws a NexusError('input') that lists all that is wrong. */
export async function loadAdditions(file: string, host: FileHost): Promise<Addition[]> {
  const name = file === '-' ? 'stdin' : file
  const text = await readSource(file, name, host)
  return parseAdditions(text, name)
}

async function readSource(file: string, name: string, host: FileHost): Promise<string> {
  const hint = 'Name a file of JSON or YAML with entries by kind and id'
  const bytes = await readBytes(file, host).catch(cause => {
    const isTooLarge = systemErrorCode(cause) === 'EFBIG'
    const why = isTooLarge ? `it is larger than ${formatBytes(limits.fileBytes)}` : errorMessage(cause)
    throw new NexusError('input', `${name} cannot be read: ${why}`, { hint, cause })
  })
  if (bytes === undefined) throw new NexusError('input', `${name} does not exist`, { hint })
  const { text, error } = decodeText(bytes)
  if (error) throw new NexusError('input', `${name} is not UTF-8`, { hint: 'Save it as UTF-8' })
  return text
}

async function readBytes(
  file: string,
  { fs, path, cwd, readInput }: FileHost,
): Promise<Uint8Array | undefined> {
  if (file === '-') return readInput(limits.fileBytes)
  const absolute = path.resolve(cwd, file)
  const info = await fs.stat(absolute)
  if (info !== undefined && info.kind !== 'file') throw new Error('it is not a regular file')
  return fs.readBytes(absolute, limits.fileBytes)
}

interface Source {
  readonly root: JsonNode
  readonly toPlace: (path: JsonPath) => string
}

/** The additions of a text. `name` is what places in it are named after. */
export async function parseAdditions(text: string, name: string): Promise<Addition[]> {
  const places = createPlaces(text, name)
  const { root, value, errors } = await parseText(text)
  const [error] = errors
  if (error !== undefined || root === undefined) {
    const message = `${places.at(error?.start ?? 0)}: ${error?.message ?? 'it is empty'}`
    throw new NexusError('input', message, { hint: 'Correct the file: it is JSON or YAML' })
  }
  const source = {
    root,
    toPlace: (path: JsonPath) => places.of(root, path),
  }
  if (!isJsonObject(value) || Object.keys(value).length === 0) throw toShapeError(places.at(root.start))
  const read = Object.entries(value).map(([key, group]) => toGroup(key, group, source))
  const problems = read.flatMap(group => group.problems)
  if (problems.length > 0) {
    const lines =
      problems.length === 1 ? problems : ['nothing can be added:', ...problems.map(line => `  ${line}`)]
    throw new NexusError('input', lines.join('\n'), { hint: shapeHint })
  }
  return read.flatMap(group => group.additions)
}

const shapeHint =
  'Expected {"tools": {"bun": {"detection": "which bun", …}}, "edges": [{"from": …, "to": …, "type": …}]}'

function toShapeError(place: string): NexusError {
  return new NexusError('input', `${place}: expected an object with entries by kind and id`, {
    hint: shapeHint,
  })
}

async function parseText(text: string): Promise<ParsedJson> {
  const plain = parseJson(text)
  if (plain.errors.length === 0 || /^\s*[{[]/.test(text)) {
    if (plain.errors.length === 0) return plain
  }
  const { parseYaml } = await import('../lib/yaml/parse-yaml.ts')
  const yaml = parseYaml(text)
  // What begins as JSON is meant to be JSON, though YAML has such maps too.
  return yaml.errors.length > 0 && /^\s*[{[]/.test(text) ? plain : yaml
}

interface Group {
  readonly additions: readonly Addition[]
  readonly problems: readonly string[]
}

const noGroup: Group = { additions: [], problems: [] }

function toGroup(key: string, group: unknown, source: Source): Group {
  if (key === '$schema') return noGroup
  if (key === 'edges' || key === 'edge') return toEdges(key, group, source)
  const isMetrics = key === 'metrics' || key === 'metric'
  const registry = isMetrics ? 'dashboard' : toRegistry(key)
  const place = source.toPlace([key])
  if (registry === undefined) {
    const names = [...subRegistryNames, 'metrics', 'edges']
    const meant = suggest(key, names)
    return toFailure(
      `${place}: there is no kind ${JSON.stringify(key)}. ${meant ?? `Kinds are ${names.join(', ')}`}`,
    )
  }
  if (!isJsonObject(group)) return toFailure(`${place}: expected entries of ${key} by id`)
  const groups = Object.entries(group).map(([id, entry]): Group => {
    if (!isJsonObject(entry)) return toFailure(`${source.toPlace([key, id])}: expected the fields of ${id}`)
    return {
      additions: [toAddition({ registry, id, entry }, path => source.toPlace([key, id, ...path]))],
      problems: [],
    }
  })
  return {
    additions: groups.flatMap(each => each.additions),
    problems: groups.flatMap(each => each.problems),
  }
}

function toFailure(problem: string): Group {
  return { additions: [], problems: [problem] }
}

/** A registry, by its own name in any form or by the kind of its entries. */
function toRegistry(key: string): RegistryName | undefined {
  const kinds: Readonly<Record<string, AdditionKind>> = additionKinds
  const own = parseRegistryName(key)
  const name = own ?? (Object.hasOwn(kinds, key) ? kinds[key]?.registry : undefined)
  const plural = key === 'frameworks' ? 'ml_frameworks' : name
  return plural !== undefined && isSubRegistry(plural) ? plural : undefined
}

interface ReadEntry {
  readonly registry: RegistryName
  readonly id: string
  readonly entry: Readonly<Record<string, unknown>>
}

// `ui_component` and `icon` belong into the dashboard; what another machine detected means nothing here.
function toAddition({ registry, id, entry }: ReadEntry, toPlace: (path: JsonPath) => string): Addition {
  const origin = { toPlace, isRequested: true } as const
  if (registry === 'dashboard') {
    const { group = 'system', ...shown } = entry
    const defaults = { ui_component: 'number_badge' }
    return { registry, id, group: String(group), entry: shown, defaults, ...origin }
  }
  const { ui_component, icon, detected: _, ...fields } = entry
  const card = { ...(ui_component !== undefined && { ui_component }), ...(icon !== undefined && { icon }) }
  if (registry === 'hyper') throw new Error('edges are no entries')
  const isShown = registry === 'tools' || registry === 'ml_frameworks' || registry === 'providers'
  const defaults = registry === 'providers' ? { models: [] } : {}
  if (!isShown) return { registry, id, entry: { ...fields, ...card }, defaults, ...origin }
  return { registry, id, entry: fields, defaults, card, ...origin }
}

function toEdges(key: string, group: unknown, source: Source): Group {
  if (!Array.isArray(group)) return toFailure(`${source.toPlace([key])}: expected a list of edges`)
  const groups = group.map((edge: unknown, index): Group => {
    const [from, to, type = 'requires'] = ['from', 'to', 'type'].map(field => valueAt(edge, [field]))
    const place = source.toPlace([key, index])
    if (typeof from !== 'string' || typeof to !== 'string' || typeof type !== 'string')
      return toFailure(
        `${place}: expected an edge like {"from": "nexus_notes", "to": "jq", "type": "requires"}`,
      )
    const toPlace = (path: JsonPath) => source.toPlace([key, index, ...path])
    return {
      additions: [{ registry: 'hyper', edge: { from, to, type }, toPlace, isRequested: true }],
      problems: [],
    }
  })
  return {
    additions: groups.flatMap(each => each.additions),
    problems: groups.flatMap(each => each.problems),
  }
}
