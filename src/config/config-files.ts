import { NexusError } from '../lib/errors.ts'
import { findJsonNode, type JsonNode } from '../lib/json/json-node.ts'
import type { JsonError } from '../lib/json/json-scanner.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { Host } from '../platform/host.ts'
import { configDirectory, findRepository } from '../registry/home/directories.ts'

export type ConfigFilesHost = Pick<Host, 'env' | 'platform' | 'cwd' | 'userHome' | 'path' | 'fs'>

export interface ConfigPlace {
  /** Absolute path. */
  readonly path: string
  readonly origin: 'user' | 'project'
  /** Directory that the file must not lead out of, a real path; undefined where links may lead anywhere. */
  readonly bounds?: string | undefined
}

const userNames = ['config.json', 'config.yaml', 'config.yml'] as const

const projectNames = [
  '.nexus-registryrc',
  '.nexus-registryrc.json',
  '.nexus-registryrc.yaml',
  '.nexus-registryrc.yml',
  'package.json',
] as const

/** Longest configuration file, in bytes: a hostile YAML of this size costs a fraction of a second. */
export const maxConfigBytes = 64 * 1024

/** The file of `--config`, or else the user's own; undefined when there is none. */
export async function findUserFile(
  flag: string | undefined,
  host: ConfigFilesHost,
): Promise<ConfigPlace | undefined> {
  if (flag !== undefined) {
    const path = await requireFile(host.path.resolve(host.cwd, flag), host)
    return { path, origin: 'user', bounds: await findRepository(host.path.dirname(path), host) }
  }
  const directory = configDirectory(host)
  if (directory === undefined) return undefined
  const found = await existing(
    userNames.map(name => host.path.join(directory, name)),
    host,
  )
  return found[0] === undefined ? undefined : { path: found[0], origin: 'user' }
}

/** Files that may hold a project's configuration, nearest first: from the working directory up to the repository root. */
export async function findProjectFiles(host: ConfigFilesHost): Promise<ConfigPlace[]> {
  const directories = await projectDirectories(host)
  const paths = directories.flatMap(directory => projectNames.map(name => host.path.join(directory, name)))
  const found = await existing(paths, host)
  const counts = await Promise.all(found.map(path => !isPackageFile(path) || namesUs(path, host)))
  const named = found.filter((_, index) => counts[index])
  if (named.length === 0) return []
  const bounds = (await findRepository(host.cwd, host)) ?? (await host.fs.realPath(host.cwd))
  return named.map(path => ({ path, origin: 'project', bounds }))
}

// Outside a repository only the working directory counts: directories above it belong to others.
async function projectDirectories(host: ConfigFilesHost): Promise<string[]> {
  const upwards = ancestors(host.cwd, host)
  const marks = await Promise.all(upwards.map(directory => infoOf(host.path.join(directory, '.git'), host)))
  const root = marks.findIndex(mark => mark !== undefined)
  return upwards.slice(0, root + 1 || 1)
}

function ancestors(directory: string, host: Pick<Host, 'path'>): string[] {
  const parent = host.path.dirname(directory)
  return parent === directory ? [directory] : [directory, ...ancestors(parent, host)]
}

async function existing(paths: readonly string[], host: Pick<Host, 'fs'>): Promise<string[]> {
  const infos = await Promise.all(paths.map(path => infoOf(path, host)))
  return paths.filter((_, index) => infos[index]?.kind === 'file')
}

// An unreadable file counts as missing: a directory above may be closed to this user.
function infoOf(path: string, host: Pick<Host, 'fs'>) {
  return host.fs.stat(path).catch(() => undefined)
}

async function requireFile(path: string, host: Pick<Host, 'fs'>): Promise<string> {
  const info = await host.fs.stat(path)
  if (info?.kind === 'file') return path
  const what = info ? 'is not a file' : 'does not exist'
  throw new NexusError('config', `the configuration file ${path} ${what}`, {
    hint: 'Name a JSON or YAML file with --config, or leave the option out',
  })
}

/** Key of a project's configuration in its package.json. */
export const packageKey = 'nexus-registry'

/** Largest package.json that is read, in bytes. */
export const maxPackageBytes = 1024 * 1024

export function isPackageFile(path: string): boolean {
  return /(?:^|[\\/])package\.json$/.test(path)
}

/**
 * Whether a package.json has something to say to us. Nearly every project has one, and most have not: this has to be
 * cheap. One that is broken counts when it names us, so that it is read again and its error is reported.
 */
async function namesUs(path: string, host: { fs: Pick<Host['fs'], 'readText'> }): Promise<boolean> {
  const text = await host.fs.readText(path, maxPackageBytes).catch(() => undefined)
  if (!text?.includes(`"${packageKey}"`)) return false
  try {
    const document: unknown = JSON.parse(text)
    return isJsonObject(document) && Object.hasOwn(document, packageKey)
  } catch {
    return true
  }
}

/** Text of a configuration file, read. */
export interface ConfigDocument {
  readonly text: string
  /** The configuration in it; undefined when it holds none or cannot be read. */
  readonly root: JsonNode | undefined
  readonly errors: readonly JsonError[]
}

/** Reads JSON by the ending of the file's name, everything else as YAML. Of package.json only our own part counts. */
export async function parseConfigDocument(path: string, text: string): Promise<ConfigDocument> {
  const { root, errors } = path.endsWith('.json') ? parseJson(text) : await parseYamlText(text)
  if (!isPackageFile(path) || root === undefined) return { text, root, errors }
  const own = findJsonNode(root, [packageKey])
  const ownErrors = errors.filter(error => own && error.start >= own.start && error.end <= own.end)
  return { text, root: own, errors: ownErrors }
}

async function parseYamlText(text: string) {
  const { parseYaml } = await import('../lib/yaml/parse-yaml.ts')
  return parseYaml(text)
}
