import { program } from '../../lib/program.ts'
import { quoteForAnyShell } from '../../lib/shell/quote.ts'
import type { Environment, Host } from '../../platform/host.ts'
import { tickMs, type WatchedFile } from '../../registry/home/watched-file.ts'
import type { CachedExports, ShellExports } from './cache-entry.ts'
import { type CheckedFiles, cacheKeyVariables, toSearchedDirectories } from './cache-key.ts'
import type { ProviderVariables } from './provider-variables.ts'

/** A watched file with its real path. A link that leads elsewhere now is another file. */
export interface LocatedFile extends WatchedFile {
  readonly realPath: string | undefined
}

/** Resolves the real paths of files. A file that was removed meanwhile counts as missing. */
export async function locateFiles(
  files: readonly WatchedFile[],
  { fs }: Pick<Host, 'fs'>,
): Promise<LocatedFile[]> {
  return Promise.all(
    files.map(async file => {
      const realPath = file.state && (await fs.realPath(file.path).catch(() => undefined))
      return { ...file, realPath, state: realPath === undefined ? undefined : file.state }
    }),
  )
}

export interface ScriptOptions {
  readonly env: Environment
  /** Name of the home's script. */
  readonly homeName: string
  /** Elements of PATH. */
  readonly pathElements: readonly LocatedFile[]
  /** Configuration files and kubeconfigs. */
  readonly configFiles: readonly LocatedFile[]
}

/**
 * The export script, which shells source. It calls functions that they define: one condition a line, and then the outputs,
 * which a shell only reaches when all conditions hold. `docs/internals/freshness.md` says what each condition means.
 */
export function renderPosixScript(
  cached: CachedExports,
  { checked, outputs }: ShellExports,
  options: ScriptOptions,
): string {
  const { env, homeName, pathElements, configFiles } = options
  const keyValues = [program.version, ...cacheKeyVariables.map(name => env[name] ?? '')]
  const directories = toLocatedDirectories(pathElements)
  return toScript(
    toCondition('asked', ...keyValues),
    ...toVariableConditions(checked.providerVariables),
    toCondition('path', env.PATH ?? '', ...directories.map(({ realPath }) => realPath ?? '')),
    toCondition('home', homeName, checked.definitions.id),
    toCondition('verified', checked.startedAt),
    ...pathElements.flatMap(file => toSpellingConditions(file, directories)),
    ...directories.map(({ realPath = '', state }) => toFileCondition({ path: realPath, realPath, state })),
    ...configFiles.map(toFileCondition),
    ...toParentConditions([...directories, ...configFiles], checked),
    toCondition('aged', cached.checkedAt, expiryOf(cached)),
    ...Object.entries(outputs).map(([form, output]) => toCall('text', form, output)),
  )
}

/** The home script: conditions for its files. Every sync changes the files, while the definitions in them stay the same. */
export function renderHomeScript(checked: CheckedFiles, files: readonly LocatedFile[]): string {
  return toScript(
    toCondition('defines', checked.definitions.id),
    toCondition('verified', checked.startedAt),
    ...files.map(toFileCondition),
    ...toParentConditions(files, checked),
  )
}

/** The located directories of PATH, each once; see `toSearchedDirectories`. */
export function toLocatedDirectories(files: readonly LocatedFile[]): LocatedFile[] {
  const searched = new Set(toSearchedDirectories(files).map(({ path }) => path))
  return files.filter(({ path }) => searched.has(path))
}

/** Times that shells compare with modification times: those that enclose each, to the millisecond and to the second. */
export function timesOfFiles(files: readonly WatchedFile[]): number[] {
  return files.flatMap(({ state }) => (state ? enclose(state.modifiedMs) : []))
}

/** Times after which a change of a parent directory is visible, to the millisecond and to the second. */
export function timesOfCheck(checked: CheckedFiles): number[] {
  const time = changedBefore(checked)
  return [time, (Math.floor(time / 1000) - 1) * 1000]
}

/** Times between which cached exports are fresh. */
export function timesOf(cached: CachedExports): number[] {
  return [cached.checkedAt, expiryOf(cached)]
}

// Most shells compare nanoseconds. Some compare whole seconds, and need marks that are whole seconds apart. Reproducible
// images give all files the first second of 1970, and no mark can be older.
function enclose(time: number): number[] {
  const second = Math.floor(time / 1000) * 1000
  return [time - 1, time + 2, second - 1000, second + 1000].filter(enclosing => enclosing > 0)
}

/** When cached exports become stale, milliseconds since 1970. */
export function expiryOf({ checkedAt, ttlSeconds }: CachedExports): number {
  return checkedAt + Math.ceil(ttlSeconds * 1000)
}

// In place, because a call of a function takes longer. A shell that has variables which it does not export checks that.
function toVariableConditions({ set, unset, files }: ProviderVariables): string[] {
  const marks = (names: readonly string[]) => names.map(name => `\${${name}:+1}`).join('')
  return [
    ...(set.length === 0
      ? []
      : [`[ "${marks(set)}" = ${'1'.repeat(set.length)} ] && ${toCall('exported', ...set)} || return 1`]),
    ...(unset.length === 0 ? [] : [`[ -z "${marks(unset)}" ] || ${toCondition('unexported', ...unset)}`]),
    ...files.existing.map(name => `[ -e "\${${name}-}" ] && [ ! -d "\${${name}-}" ] || return 1`),
    ...files.missing.map(name => `[ ! -e "\${${name}-}" ] || [ -d "\${${name}-}" ] || return 1`),
  ]
}

function toScript(...statements: readonly string[]): string {
  return statements.map(statement => `${statement}\n`).join('')
}

function toFileCondition({ path, state, realPath }: LocatedFile): string {
  if (state === undefined || realPath === undefined) return toCondition('absent', path)
  return toCondition('same', state.modifiedMs, path, realPath)
}

// When PATH is spelled as in the script, each element must lead where it led. Shells resolve another spelling themselves.
function toSpellingConditions(file: LocatedFile, directories: readonly LocatedFile[]): string[] {
  const { path, state } = file
  if (!state?.isDirectory) return [toCondition('missing', path)]
  const directory = directories.find(
    ({ state: other }) => other?.device === state.device && other.inode === state.inode,
  )
  return directory?.realPath === path ? [] : [toCondition('leads', path, directory?.realPath ?? path)]
}

// POSIX shells read no inode, but replacing a file changes its parent directory. The last line is what `stat` must then
// print for all files.
function toParentConditions(files: readonly LocatedFile[], checked: CheckedFiles): string[] {
  const found = files.filter(({ state }) => state !== undefined)
  const paths = found.map(({ realPath = '' }) => realPath)
  const parents = new Set(paths.map(path => path.slice(0, path.lastIndexOf('/')) || '/'))
  const identities = found.map(({ state }) =>
    [state?.device, state?.inode, Math.floor((state?.changedMs ?? 0) / 1000)].join(' '),
  )
  return [
    toCall('within', changedBefore(checked), ...parents),
    toCondition('identified', identities.join('\n'), ...paths),
  ]
}

// A directory that changed just before the check may have changed again within the same tick of the file system's clock.
function changedBefore({ startedAt }: CheckedFiles): number {
  return startedAt - tickMs
}

function toCondition(name: string, ...args: readonly (string | number)[]): string {
  return `${toCall(name, ...args)} || return 1`
}

function toCall(name: string, ...args: readonly (string | number)[]): string {
  return [`_nexus_registry_${name}`, ...args.map(argument => quoteForAnyShell(String(argument)))].join(' ')
}
