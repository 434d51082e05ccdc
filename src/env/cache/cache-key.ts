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
  stableAfterMs,
  toOneLine,
  type WatchedFile,
  watchFiles,
} from '../../registry/home/watched-file.ts'
import { withoutDetected } from '../../registry/load/load-snapshot.ts'
import { detectedRegistryNames, type RegistryName, registryFiles } from '../../registry/schema/names.ts'
import {
  checkProviderVariables,
  type ProviderVariables,
  renderProviderVariables,
} from './provider-variables.ts'

/**
 * Variables that, besides PATH, decide which interpreter, home and configuration are used. Scripts list them in this
 * order. An unset variable counts as an empty one.
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

/** Everything that cached exports depend on. */
export interface CacheKey {
  /** Lines `key=value`, see `renderWatchedFile`. Two cache keys are the same when their texts are. */
  readonly text: string
  readonly checked: CheckedFiles
}

export interface CacheKeyOptions {
  /** Registry home, absolute. */
  readonly home: string
  /** File of `--config`, which replaces the user's own. */
  readonly configFile?: string | undefined
  /** Explicit interpreter. */
  readonly python?: string | undefined
  /** Explicit deadline, in milliseconds. */
  readonly timeoutMs?: number | undefined
}

/** State of the files that a cache key depends on. */
export interface CheckedFiles {
  /** When the check began, milliseconds since 1970. */
  readonly startedAt: number
  readonly definitions: Definitions
  /** Absolute elements of PATH in its order, each spelling once. */
  readonly pathElements: readonly WatchedFile[]
  /** Configuration files and kubeconfigs. */
  readonly configFiles: readonly WatchedFile[]
  /** Whether credentials of providers are here. */
  readonly providerVariables: ProviderVariables
}

/** A directory of PATH, under the first of its names there. */
export interface SearchedDirectory extends WatchedFile {
  readonly state: FileState
}

type CacheKeyHost = Pick<Host, 'env' | 'cwd' | 'userHome' | 'path' | 'fs' | 'clock' | 'sha256'>

/** Computes the cache key of the current environment. */
export async function describeCacheKey(options: CacheKeyOptions, host: CacheKeyHost): Promise<CacheKey> {
  const startedAt = host.clock.now()
  const files = [...configCandidates(options, host), ...toKubeconfigFiles(host)]
  const [pathElements, configFiles, definitions] = await Promise.all([
    watchFiles([...new Set(toAbsoluteElements(host))], host),
    watchFiles([...new Set(files)], host),
    loadDefinitions(options.home, host),
  ])
  const providerVariables = await checkProviderVariables(definitions.providers, host)
  const checked = { startedAt, definitions, pathElements, configFiles, providerVariables }
  const text = `${renderDetectionKey(options, checked, host)}${renderProviderVariables(providerVariables)}`
  return { text, checked }
}

/**
 * The part of a cache key that detections of tools and frameworks depend on, with these options. Checks no file again.
 */
export function renderDetectionKey(
  options: CacheKeyOptions,
  checked: CheckedFiles,
  { env }: Pick<Host, 'env'>,
): string {
  const facts = [
    ['version', program.version],
    ['home', options.home],
    ['definitions', checked.definitions.id],
    ['python', options.python],
    ['timeout_ms', options.timeoutMs?.toString()],
    ...cacheKeyVariables.map(name => [name, env[name]]),
  ]
  const lines = facts.map(([key, value]) => `${key}=${toOneLine(value ?? '')}\n`)
  const directories = toSearchedDirectories(checked.pathElements).map(({ state }) => renderDirectory(state))
  return [...lines, ...directories, ...checked.configFiles.map(renderWatchedFile)].join('')
}

/**
 * The directories of PATH in its order, each once. Their identity counts and not their spelling, because version managers
 * put a new link to the same directory on the PATH of every shell. Missing elements do not count.
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
 * Whether every later change of a checked file will change the cache key. With `isOwnHome`, the files of the home are left
 * out: the caller itself wrote them last, under its lock.
 */
export function isCacheKeyStable({ checked }: CacheKey, { isOwnHome }: { isOwnHome: boolean }): boolean {
  const files = isOwnHome ? [] : checked.definitions.files
  return [...checked.pathElements, ...checked.configFiles, ...files].every(file =>
    isStable(file, checked.startedAt),
  )
}

interface StabilizeOptions {
  readonly options: CacheKeyOptions
  /** Whether the caller has written into the home since, under its lock. */
  readonly isOwnHome: boolean
}

/**
 * Computes the cache key again, and waits once while a checked file is still changing, for example during an
 * installation. Undefined when the cache key has changed or does not become stable.
 */
export async function stabilizeCacheKey(
  before: CacheKey,
  { options, isOwnHome }: StabilizeOptions,
  host: CacheKeyHost,
): Promise<CacheKey | undefined> {
  const now = await describeCacheKey(options, host)
  if (now.text !== before.text) return undefined
  if (isCacheKeyStable(now, { isOwnHome })) return now
  await host.clock.sleep(stableAfterMs)
  const later = await describeCacheKey(options, host)
  return later.text === before.text && isCacheKeyStable(later, { isOwnHome }) ? later : undefined
}

// Empty and relative elements are never searched.
function toAbsoluteElements({ env, path }: CacheKeyHost): string[] {
  return (env.PATH ?? '').split(path.delimiter).filter(element => path.isAbsolute(element))
}

// A project's configuration cannot set anything that changes detections.
function configCandidates({ configFile }: CacheKeyOptions, host: CacheKeyHost): string[] {
  if (configFile !== undefined) return [host.path.resolve(host.cwd, configFile)]
  const directory = configDirectory(host)
  if (directory === undefined) return []
  return ['json', 'yaml', 'yml'].map(extension => host.path.join(directory, `config.${extension}`))
}

/** Registries that decide what is detected and exported, and how long exports are fresh. */
const keyRegistries = [
  ...detectedRegistryNames,
  'hyper',
  'providers',
] as const satisfies readonly RegistryName[]

/** What a home defines: entries without their detections. */
interface Definitions {
  /**
   * SHA-256 of its registries without `detected`, so that a sync does not change the cache key. Exports of several cache
   * keys stay cached side by side, whichever of them was synced last.
   */
  readonly id: string
  /** Entries of the provider registry as `withoutDetected` returns them; empty when there is none. */
  readonly providers: string
  /** The registry files as they were just before they were read. */
  readonly files: readonly WatchedFile[]
  /** The home itself, which changes when a file is replaced by one of the same time. */
  readonly directory: WatchedFile
}

type DefinitionsHost = Pick<Host, 'fs' | 'path' | 'clock' | 'sha256'>

/** Reads the definitions of a home. Missing and broken files count too. Never rejects. */
export async function loadDefinitions(home: string, host: DefinitionsHost): Promise<Definitions> {
  const paths = keyRegistries.map(name => host.path.join(home, registryFiles[name]))
  const [directory = { path: home, state: undefined }, ...files] = await watchFiles([home, ...paths], host)
  const contents = await Promise.all(
    files.map(({ path, state }) => (state ? readDefinitions(path, host) : '')),
  )
  const providers = contents[keyRegistries.indexOf('providers')] ?? ''
  return { id: host.sha256(JSON.stringify(contents)), providers, files, directory }
}

async function readDefinitions(path: string, { fs }: Pick<Host, 'fs'>): Promise<string> {
  const text = await fs.readText(path, limits.fileBytes).catch(() => undefined)
  return text === undefined ? '' : withoutDetected(text)
}
