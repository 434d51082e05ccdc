import { isJsonObject } from '../../../lib/json/json-value.ts'
import type { ProgramHost } from '../../probe.ts'
import { idiomaticFiles, listMiseFiles, parseIdiomaticFile, split } from './mise-files.ts'
import { parseToml, parseToolVersions, readSmall } from './shim.ts'

/** A configured tool of mise, its versions and its source. */
export interface MiseTool {
  /** Name of the directory of its installations. */
  readonly tool: string
  /** As they are written; undefined when only mise can resolve them. */
  readonly versions: readonly string[] | undefined
  readonly origin: string
}

export interface MiseConfig {
  /** Most important first; each tool once. */
  readonly tools: readonly MiseTool[]
  /** Versions that stand for others, by tool. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Whether the rest of PATH is tried last. */
  readonly hasSystemFallback: boolean
  /** A file that cannot be read: mise may know more, or fail. */
  readonly unreadable: string | undefined
}

interface Document {
  readonly file: string
  readonly directory: string | undefined
  readonly content: Record<string, unknown> | undefined
  readonly tools: readonly MiseTool[]
  readonly isUnreadable: boolean
}

/** What mise would use in the working directory: variables, then files upwards, then the user's and the system's. */
export async function readMiseConfig(host: ProgramHost): Promise<MiseConfig> {
  const files = await listMiseFiles(host)
  const local = await Promise.all(
    files.local.map(({ directory, files }) =>
      Promise.all(files.map(file => readDocument(file, directory, host))),
    ),
  )
  const global = await Promise.all(files.global.map(file => readDocument(file, undefined, host)))
  const documents = [...local.flat(), ...global].filter(document => document !== undefined)
  const enabled = readList('idiomatic_version_file_enable_tools', documents, host)
  // Idiomatic files of a directory count less than its other files.
  const inDirectories = await Promise.all(
    files.local.map(async ({ directory }, index) => [
      ...(local[index] ?? []).flatMap(document => document?.tools ?? []),
      ...(await readIdiomatic(directory, enabled, host)),
    ]),
  )
  const all = [
    ...readVariables(host),
    ...inDirectories.flat(),
    ...global.flatMap(document => document?.tools ?? []),
  ]
  const only = readList('enable_tools', documents, host)
  const disabled = readList('disable_tools', documents, host)
  const isUsed = ({ tool }: MiseTool) => !disabled.has(tool) && (only.size === 0 || only.has(tool))
  return {
    tools: firstOfEach(all).filter(isUsed),
    aliases: readAliases(documents),
    hasSystemFallback: !isOff('not_found_system_fallback', documents, host),
    unreadable: documents.find(({ isUnreadable }) => isUnreadable)?.file,
  }
}

function firstOfEach(tools: readonly MiseTool[]): MiseTool[] {
  const first = new Map<string, MiseTool>()
  for (const tool of tools) if (!first.has(tool.tool)) first.set(tool.tool, tool)
  return [...first.values()]
}

function readVariables(host: ProgramHost): MiseTool[] {
  return Object.entries(host.env).flatMap(([name, value]) => {
    const tool = /^MISE_([A-Z0-9_]+)_VERSION$/.exec(name)?.[1]
    if (!tool || !value?.trim()) return []
    return [{ tool: toToolDirectory(tool.toLowerCase()), versions: value.trim().split(/\s+/), origin: name }]
  })
}

async function readDocument(
  file: string,
  directory: string | undefined,
  host: ProgramHost,
): Promise<Document | undefined> {
  const text = await readSmall(file, host)
  if (text === undefined) return undefined
  if (!file.endsWith('.toml')) {
    const chosen = [...parseToolVersions(text)].map(([tool, versions]) => ({
      tool: toToolDirectory(tool.replace(/:+$/, '')),
      versions,
      origin: file,
    }))
    return { file, directory, content: undefined, tools: chosen, isUnreadable: false }
  }
  const content = await parseToml(text)
  if (!isJsonObject(content)) return { file, directory, content: undefined, tools: [], isUnreadable: true }
  const tools = isJsonObject(content.tools) ? Object.entries(content.tools) : []
  const used = tools.map(([tool, value]) => ({
    tool: toToolDirectory(tool),
    versions: toVersions(value, host),
    origin: file,
  }))
  // A value that mise does not understand stops it altogether.
  return {
    file,
    directory,
    content,
    tools: used,
    isUnreadable: used.some(({ versions }) => versions === undefined),
  }
}

// A table may be for other systems alone: then it still counts before those of other files.
function toVersions(value: unknown, host: ProgramHost): string[] | undefined {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) {
    const lists = value.map(item => toVersions(item, host))
    return lists.some(list => list === undefined) ? undefined : lists.flatMap(list => list ?? [])
  }
  if (!isJsonObject(value)) return undefined
  if (Array.isArray(value.os) && !value.os.some(name => isThisSystem(name, host))) return []
  const kinds = ['ref', 'tag', 'branch', 'rev', 'path', 'prefix'].filter(
    kind => typeof value[kind] === 'string',
  )
  if (kinds[0] !== undefined) return [`${kinds[0]}:${String(value[kinds[0]])}`]
  return typeof value.version === 'string' ? [value.version] : undefined
}

function isThisSystem(name: unknown, host: ProgramHost): boolean {
  const systems: ReadonlyMap<string, string> = new Map([
    ['darwin', 'macos'],
    ['win32', 'windows'],
  ])
  return typeof name === 'string' && name.split('/')[0] === (systems.get(host.platform) ?? host.platform)
}

async function readIdiomatic(
  directory: string,
  enabled: ReadonlySet<string>,
  host: ProgramHost,
): Promise<MiseTool[]> {
  const wanted = Object.entries(idiomaticFiles).filter(([tool]) => enabled.has(tool))
  const files = wanted.flatMap(([tool, names]) => names.map(name => ({ tool, name })))
  const read = files.map(async ({ tool, name }) => {
    const origin = host.path.join(directory, name)
    const text = await readSmall(origin, host)
    const versions = text === undefined ? [] : parseIdiomaticFile(tool, name, text)
    return versions?.length === 0 ? [] : [{ tool: toToolDirectory(tool), versions, origin }]
  })
  return (await Promise.all(read)).flat()
}

function readList(name: string, documents: readonly Document[], host: ProgramHost): ReadonlySet<string> {
  const variable = host.env[`MISE_${name.toUpperCase()}`]
  if (variable !== undefined) return new Set(split(variable, ',').map(toToolDirectory))
  for (const { content } of documents) {
    const list = isJsonObject(content?.settings) ? content.settings[name] : undefined
    if (Array.isArray(list))
      return new Set(list.filter(tool => typeof tool === 'string').map(toToolDirectory))
  }
  return new Set()
}

function isOff(name: string, documents: readonly Document[], host: ProgramHost): boolean {
  const variable = host.env[`MISE_${name.toUpperCase()}`]
  if (variable) return /^(?:0|false|no|off|n)$/i.test(variable)
  const settings = documents.map(({ content }) =>
    isJsonObject(content?.settings) ? content.settings[name] : undefined,
  )
  return settings.find(value => typeof value === 'boolean') === false
}

// `[alias.node]`, `[alias.node.versions]`, and `tool_alias`, which is the newer name. The first file that has it counts.
function readAliases(documents: readonly Document[]): Map<string, Map<string, string>> {
  const tables = documents.flatMap(({ content }) => [content?.tool_alias, content?.alias])
  const entries = tables.flatMap(table => (isJsonObject(table) ? Object.entries(table) : []))
  const aliases = new Map<string, Map<string, string>>()
  for (const [tool, value] of entries) {
    const known = aliases.get(toToolDirectory(tool)) ?? new Map<string, string>()
    aliases.set(toToolDirectory(tool), new Map([...toPairs(value), ...known]))
  }
  return aliases
}

function toPairs(value: unknown): [string, string][] {
  if (!isJsonObject(value)) return []
  const own = isJsonObject(value.versions) ? { ...value, ...value.versions } : value
  return Object.entries(own).flatMap(([from, to]): [string, string][] =>
    typeof to === 'string' ? [[from, to]] : [],
  )
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['nodejs', 'node'],
  ['golang', 'go'],
  ['dotnet-core', 'dotnet'],
])

/** Directory of a tool's installations: `npm:prettier` lies in npm-prettier, `core:node` in node. */
function toToolDirectory(tool: string): string {
  const short = tool.replace(/^core:/, '').replace(/\[.*/s, '')
  const words = (aliases.get(short) ?? short)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .split(/[^A-Za-z0-9]+/)
  const name = words.filter(Boolean).join('-').toLowerCase()
  return aliases.get(name) ?? name
}
