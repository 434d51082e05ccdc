import { NexusError } from '../lib/errors.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { limits } from '../lib/limits.ts'
import type { Host } from '../platform/host.ts'
import {
  hashShippedContent,
  historyFile,
  type ShippedData,
  type ShippedMark,
} from '../registry/home/shipped-mark.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'

type Document = Readonly<Record<string, unknown>>

/** One released version: the hash of the content of each file. */
export interface ShippedVersion {
  readonly version: string
  readonly files: Readonly<Partial<Record<RegistryName, string>>>
}

/** What released versions have shipped. The first is the oldest. */
export interface ShippedHistory {
  readonly versions: readonly ShippedVersion[]
  /** By the hash of the content; see `hashShippedContent`. */
  readonly contents: ReadonlyMap<string, Document>
}

/**
 * Reads what released versions have shipped. `npm run history` adds the current one. Throws a NexusError when the file
 * is damaged.
 */
export async function loadHistory(host: Pick<Host, 'fs' | 'path' | 'programRoot'>): Promise<ShippedHistory> {
  const path = host.path.join(host.programRoot, 'registries', historyFile)
  const text = await host.fs.readText(path, limits.fileBytes)
  const history = text === undefined ? undefined : parseHistory(text)
  if (history === undefined) {
    const what = text === undefined ? 'is missing' : 'is damaged'
    throw new NexusError('home', `${path} ${what}: the installation is incomplete`, {
      hint: 'Install nexus-registry again',
    })
  }
  return history
}

/** Reads `registries/history.json`; undefined when it is something else. */
export function parseHistory(text: string): ShippedHistory | undefined {
  const { value } = parseJson(text)
  if (!isJsonObject(value) || !isJsonObject(value.versions) || !isJsonObject(value.contents)) return undefined
  const versions = Object.entries(value.versions).map(([version, files]) => ({
    version,
    files: isJsonObject(files) ? Object.fromEntries(registryNames.flatMap(name => toHash(name, files))) : {},
  }))
  const contents = Object.entries(value.contents).flatMap(([hash, content]): [string, Document][] =>
    isJsonObject(content) ? [[hash, content]] : [],
  )
  return { versions, contents: new Map(contents) }
}

function toHash(name: RegistryName, files: Document): [RegistryName, string][] {
  const hash = files[name]
  return typeof hash === 'string' ? [[name, hash]] : []
}

/** The history with the current version as its last. A version with these files replaces an entry of the same name. */
export function withShipped(
  { versions, contents }: ShippedHistory,
  { version, texts }: Pick<ShippedData, 'version' | 'texts'>,
  host: Pick<Host, 'sha256'>,
): ShippedHistory {
  const parsed = registryNames.map((name): [RegistryName, Document] => [
    name,
    parseShipped(name, texts[name]),
  ])
  const hashed = parsed.map(([name, content]) => ({ name, content, hash: hashShippedContent(content, host) }))
  return {
    versions: [
      ...versions.filter(known => known.version !== version),
      { version, files: Object.fromEntries(hashed.map(({ name, hash }) => [name, hash])) },
    ],
    contents: new Map([...contents, ...hashed.map(({ hash, content }) => [hash, content] as const)]),
  }
}

function parseShipped(name: RegistryName, text: string): Document {
  const { value } = parseJson(text)
  if (isJsonObject(value)) return value
  throw new NexusError('home', `the shipped registry ${name} is damaged: it is no object of JSON`, {
    hint: 'Install nexus-registry again',
  })
}

/** The history with what a home was made from, where its mark holds it: data that was never released. */
export function withOwnContents(
  { versions, contents }: ShippedHistory,
  mark: ShippedMark | undefined,
  host: Pick<Host, 'sha256'>,
): ShippedHistory {
  const own = Object.entries(mark?.contents ?? {}).flatMap(([name, content]): [string, Document][] => {
    const hash = hashShippedContent(content, host)
    const isRecorded = Object.entries(mark?.files ?? {}).some(
      ([key, known]) => key === name && known === hash,
    )
    return isRecorded && isJsonObject(content) ? [[hash, content]] : []
  })
  return { versions, contents: new Map([...contents, ...own]) }
}

/** The file's text: each content on a line of its own, and once, however many versions have it. */
export function renderHistory({ versions, contents }: ShippedHistory): string {
  const used = new Set(versions.flatMap(({ files }) => Object.values(files)))
  const lines = [...contents]
    .filter(([hash]) => used.has(hash))
    .map(([hash, content]) => `${JSON.stringify(hash)}: ${JSON.stringify(content)}`)
  const known = versions.map(({ version, files }) => `${JSON.stringify(version)}: ${JSON.stringify(files)}`)
  return `{\n"versions": {\n${known.join(',\n')}\n},\n"contents": {\n${lines.join(',\n')}\n}\n}\n`
}
