import { NexusError } from '../../lib/errors.ts'
import { isJsonObject, type JsonPath } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { limits } from '../../lib/limits.ts'
import { program } from '../../lib/program.ts'
import type { Host } from '../../platform/host.ts'
import { shippedMarkName } from '../lock/lock-state.ts'
import { mapNames, type RegistryName, registryFiles, registryNames } from '../schema/names.ts'

/** What the program ships, and what identifies it. */
export interface ShippedData {
  readonly version: string
  readonly texts: Readonly<Record<RegistryName, string>>
  /** SHA-256 of all texts: whether a home has this data is one comparison. */
  readonly sha256: string
}

/** What a home says of the shipped data in it, in a file of its own beside the nine. */
export interface ShippedMark {
  /** Version of the program whose data was last taken. */
  readonly version: string
  /** `sha256` of the data that was compared last, and completely; null when a file was left out. */
  readonly data: string | null
  /** Hash of the shipped content that each file was last merged with; see `hashShippedContent`. */
  readonly files: Readonly<Partial<Record<RegistryName, string>>>
  /** What these hashes stand for, where no released version has shipped it. */
  readonly contents: Readonly<Partial<Record<RegistryName, unknown>>>
  /** Entries that an automatic upgrade left as they are, with what was shipped when they were last merged. */
  readonly open: readonly OpenPlace[]
}

/** An entry, or a part of a document, whose edits and shipped changes are not merged yet. */
export interface OpenPlace {
  readonly registry: RegistryName
  readonly path: JsonPath
  /** Undefined when nothing was shipped there. */
  readonly base: unknown
}

type ReadHost = Pick<Host, 'fs' | 'path'>
type ShippedHost = ReadHost & Pick<Host, 'programRoot' | 'sha256'>

/** Reads the shipped registries, and parses nothing. Throws a NexusError('home') when one is missing. */
export async function loadShippedData(host: ShippedHost): Promise<ShippedData> {
  const load = async (name: RegistryName) => {
    const path = host.path.join(host.programRoot, 'registries', registryFiles[name])
    const text = await host.fs.readText(path, limits.fileBytes)
    if (text !== undefined) return [name, text] as const
    throw new NexusError('home', `${path} is missing: the installation is incomplete`, {
      hint: 'Install nexus-registry again',
    })
  }
  const found = new Map(await Promise.all(registryNames.map(load)))
  const texts = mapNames(registryNames, name => found.get(name) ?? '')
  const sha256 = host.sha256(registryNames.map(name => host.sha256(texts[name])).join('\n'))
  return { version: program.version, texts, sha256 }
}

/** Identifies the content of a shipped file, however it is formatted. */
export function hashShippedContent(content: unknown, { sha256 }: Pick<Host, 'sha256'>): string {
  return sha256(JSON.stringify(content ?? null))
}

/** File beside the shipped registries: what released versions have shipped. */
export const historyFile = 'history.json'

/** The mark of a home that holds exactly what is shipped. */
export async function createShippedMark(
  { version, texts, sha256 }: ShippedData,
  host: ShippedHost,
): Promise<ShippedMark> {
  const documents = registryNames.map(name => [name, parseJson(texts[name]).value] as const)
  const files = new Map(documents.map(([name, content]) => [name, hashShippedContent(content, host)]))
  const path = host.path.join(host.programRoot, 'registries', historyFile)
  const history = (await host.fs.readText(path, limits.fileBytes).catch(() => undefined)) ?? ''
  const unreleased = documents.filter(([name]) => !history.includes(`"${files.get(name)}": `))
  return {
    version,
    data: sha256,
    files: Object.fromEntries(files),
    contents: Object.fromEntries(unreleased),
    open: [],
  }
}

/** The mark of a home; undefined when there is none, or none that can be read. */
export async function loadShippedMark(home: string, host: ReadHost): Promise<ShippedMark | undefined> {
  const path = host.path.join(home, shippedMarkName)
  const text = await host.fs.readText(path, limits.fileBytes).catch(() => undefined)
  return text === undefined ? undefined : parseShippedMark(text)
}

/**
 * Whether a home has exactly what is shipped, and nothing is left to merge. It compares text and parses nothing: a mark
 * that somebody has formatted anew is not recognized, and has to be parsed.
 */
export async function isMarkedCurrent(
  home: string,
  { sha256 }: ShippedData,
  { fs, path }: ReadHost,
): Promise<boolean> {
  const text = await fs.readText(path.join(home, shippedMarkName), limits.fileBytes).catch(() => undefined)
  return text?.includes(`"data":"${sha256}"`) === true && text.endsWith('"open":[]}\n')
}

/** Text of a mark. `base` is left out where nothing was shipped. */
export function renderShippedMark(mark: ShippedMark): string {
  return `${JSON.stringify(mark)}\n`
}

// The file may have been written by another version of the program, or by anybody who shares the home.
function parseShippedMark(text: string): ShippedMark | undefined {
  const { value } = parseJson(text)
  if (!isJsonObject(value)) return undefined
  const { version, data, files, contents, open } = value
  if (typeof version !== 'string' || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) return undefined
  if ((data !== null && typeof data !== 'string') || !isJsonObject(files)) return undefined
  const known = registryNames.flatMap(name => {
    const hash = files[name]
    return typeof hash === 'string' ? [[name, hash] as const] : []
  })
  const own = isJsonObject(contents) ? contents : {}
  const documents = registryNames
    .filter(name => isJsonObject(own[name]))
    .map(name => [name, own[name]] as const)
  const places = Array.isArray(open) ? open.flatMap(toOpenPlace) : []
  return {
    version,
    data,
    files: Object.fromEntries(known),
    contents: Object.fromEntries(documents),
    open: places,
  }
}

function toOpenPlace(value: unknown): OpenPlace[] {
  if (!isJsonObject(value) || !Array.isArray(value.path)) return []
  const registry = registryNames.find(name => name === value.registry)
  if (registry === undefined) return []
  return [{ registry, path: value.path.map(String), base: value.base }]
}
