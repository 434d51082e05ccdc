import { toKubeconfigFiles } from '../../detection/kubernetes/kubernetes.ts'
import { limits } from '../../lib/limits.ts'
import { program } from '../../lib/program.ts'
import type { Host } from '../../platform/host.ts'
import { configDirectory } from '../../registry/home/directories.ts'
import {
  type FileState,
  isStable,
  renderDirectory,
  renderWatchedFile,
  toOneLine,
  type WatchedFile,
  watchFiles,
} from '../../registry/home/watched-file.ts'
import { withoutDetected } from '../../registry/load/load-snapshot.ts'
import { detectedRegistryNames, type RegistryName, registryFiles } from '../../registry/schema/names.ts'

/**
 * Variables that decide, besides PATH, which interpreter, which home and which configuration answer, in the order in
 * which scripts name them. An unset one is an empty one.
 */
export const cacheKeyVariables = [
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'PYENV_VERSION',
  'KUBECONFIG',
  'HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'NEXUS_REGISTRY_HOME',
  'NEXUS_REGISTRY_PYTHON',
  'NEXUS_REGISTRY_TIMEOUT',
] as const

/** What an answer of `env` belongs to. */
export interface CacheKey {
  /** All of it: two questions are the same when their texts are. Lines `key=value`, see `renderWatchedFile`. */
  readonly text: string
  readonly look: CheckedPath
}

export interface CacheKeyOptions {
  /** Registry home, absolute. */
  readonly home: string
  /** File of `--config`, which stands in for the user's own. */
  readonly configFile?: string | undefined
  /** Interpreter that was named explicitly. */
  readonly python?: string | undefined
  /** Deadline that was named explicitly, in milliseconds. */
  readonly timeoutMs?: number | undefined
}

/** The files that an answer depends on. */
export interface CheckedPath {
  /** When it began, milliseconds since 1970. */
  readonly startedAt: number
  readonly definitions: Definitions
  /** Absolute elements of PATH in its order, each spelling once. */
  readonly pathElements: readonly WatchedFile[]
  /** Configuration files and kubeconfigs. */
  readonly configFiles: readonly WatchedFile[]
}

/** A directory that PATH leads to, under the first of its names there. */
export interface SearchedDirectory extends WatchedFile {
  readonly state: FileState
}

type CacheKeyHost = Pick<Host, 'env' | 'cwd' | 'userHome' | 'path' | 'fs' | 'clock' | 'sha256'>

/** Looks at everything that an answer depends on. */
export async function describeCacheKey(options: CacheKeyOptions, host: CacheKeyHost): Promise<CacheKey> {
  const startedAt = host.clock.now()
  const files = [...configCandidates(options, host), ...toKubeconfigFiles(host)]
  const [pathElements, configFiles, definitions] = await Promise.all([
    watchFiles([...new Set(toAbsoluteElements(host))], host),
    watchFiles([...new Set(files)], host),
    loadDefinitions(options.home, host),
  ])
  const look = { startedAt, definitions, pathElements, configFiles }
  return { text: renderCacheKey(options, look, host), look }
}

/** The question with these options, of the same look. */
export function renderCacheKey(
  options: CacheKeyOptions,
  look: CheckedPath,
  { env }: Pick<Host, 'env'>,
): string {
  const facts = [
    ['version', program.version],
    ['home', options.home],
    ['definitions', look.definitions.id],
    ['python', options.python],
    ['timeout_ms', options.timeoutMs?.toString()],
    ...cacheKeyVariables.map(name => [name, env[name]]),
  ]
  const lines = facts.map(([key, value]) => `${key}=${toOneLine(value ?? '')}\n`)
  const directories = toSearchedDirectories(look.pathElements).map(({ state }) => renderDirectory(state))
  return [...lines, ...directories, ...look.configFiles.map(renderWatchedFile)].join('')
}

/**
 * The directories that PATH leads to, in its order, each once. They decide, and not how they are spelled: version
 * managers put a new link to the same directory on the PATH of every shell. Missing elements do not count.
 */
export function toSearchedDirectories(pathElements: readonly WatchedFile[]): SearchedDirectory[] {
  const found = new Map<string, SearchedDirectory>()
  for (const { path, state } of pathElements) {
    if (!state?.isDirectory) continue
    const identity = `${state.device}:${state.inode}`
    if (!found.has(identity)) found.set(identity, { path, state })
  }
  return [...found.values()]
}

/**
 * Whether every later change of what the question depends on will make it another one. The files of the home are left
 * out when their last writer was the asker itself, under its lock.
 */
export function isCacheKeyStable({ look }: CacheKey, { isOwnHome }: { isOwnHome: boolean }): boolean {
  const files = isOwnHome ? [] : look.definitions.files
  return [...look.pathElements, ...look.configFiles, ...files].every(file => isStable(file, look.startedAt))
}

// Empty and relative elements are never searched.
function toAbsoluteElements({ env, path }: CacheKeyHost): string[] {
  return (env.PATH ?? '').split(path.delimiter).filter(element => path.isAbsolute(element))
}

// A project's configuration may not set anything that changes what is found.
function configCandidates({ configFile }: CacheKeyOptions, host: CacheKeyHost): string[] {
  if (configFile !== undefined) return [host.path.resolve(host.cwd, configFile)]
  const directory = configDirectory(host)
  if (directory === undefined) return []
  return ['json', 'yaml', 'yml'].map(extension => host.path.join(directory, `config.${extension}`))
}

/** Registries that decide what is asked, and how long the answer is good. */
const keyVariables = [...detectedRegistryNames, 'hyper'] as const satisfies readonly RegistryName[]

/** What a home asks. */
interface Definitions {
  /**
   * SHA-256 of its registries without `detected`: a sync changes their files, and the question stays the same. So answers
   * to several questions live side by side, whichever of them was synced last.
   */
  readonly id: string
  /** The registry files as they were just before they were read. */
  readonly files: readonly WatchedFile[]
  /** The home itself: it tells of a file that was exchanged for one of the same time. */
  readonly directory: WatchedFile
}

type DefinitionsHost = Pick<Host, 'fs' | 'path' | 'clock' | 'sha256'>

/** Reads what a home asks. What is missing or broken is part of it: this never rejects. */
export async function loadDefinitions(home: string, host: DefinitionsHost): Promise<Definitions> {
  const paths = keyVariables.map(name => host.path.join(home, registryFiles[name]))
  const [directory = { path: home, state: undefined }, ...files] = await watchFiles([home, ...paths], host)
  const texts = await Promise.all(files.map(({ path, state }) => (state ? readDefinitions(path, host) : '')))
  return { id: host.sha256(JSON.stringify(texts)), files, directory }
}

async function readDefinitions(path: string, { fs }: Pick<Host, 'fs'>): Promise<string> {
  const text = await fs.readText(path, limits.fileBytes).catch(() => undefined)
  return text === undefined ? '' : withoutDetected(text)
}
