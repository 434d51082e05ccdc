import { program } from '../../lib/program.ts'
import { quoteForAnyShell } from '../../lib/shell/quote.ts'
import type { Environment, Host } from '../../platform/host.ts'
import { tickMs, type WatchedFile } from '../../registry/home/watched-file.ts'
import type { CachedExports, ShellExports } from './cache-entry.ts'
import { type CheckedPath, cacheKeyVariables, toSearchedDirectories } from './cache-key.ts'

/** A watched file, and where it really is: what leads elsewhere now is another file. */
export interface LocatedFile extends WatchedFile {
  readonly realPath: string | undefined
}

/** Where files are now. One that went away meanwhile counts as missing. */
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

export interface ScriptPlace {
  readonly env: Environment
  /** Name of the home's script. */
  readonly homeName: string
  /** Elements of PATH. */
  readonly pathElements: readonly LocatedFile[]
  /** Configuration files and kubeconfigs. */
  readonly configFiles: readonly LocatedFile[]
}

/**
 * The script of an answer, for shells to source. It calls functions that they define: one condition a line, and then the
 * texts, which only a shell reaches that found all of them true. "Freshness" in ARCHITECTURE.md says what each means.
 */
export function renderPosixScript(
  answer: CachedExports,
  { look, texts }: ShellExports,
  place: ScriptPlace,
): string {
  const asked = [program.version, ...cacheKeyVariables.map(name => place.env[name] ?? '')]
  const { pathElements, configFiles } = place
  const directories = toLocatedDirectories(pathElements)
  return toScript(
    toCondition('asked', ...asked),
    toCondition('path', place.env.PATH ?? '', ...directories.map(({ realPath }) => realPath ?? '')),
    toCondition('home', place.homeName, look.definitions.id),
    toCondition('verified', look.startedAt),
    ...pathElements.flatMap(file => toSpellingConditions(file, directories)),
    ...directories.map(({ realPath = '', state }) => toFileCondition({ path: realPath, realPath, state })),
    ...configFiles.map(toFileCondition),
    ...toPlaceConditions([...directories, ...configFiles], look),
    toCondition('aged', answer.checkedAt, expiryOf(answer)),
    ...Object.entries(texts).map(([form, text]) => toCall('text', form, text)),
  )
}

/** The script of a home: conditions for its own files. They change with every sync, while what they ask stays the same. */
export function renderHomeScript(look: CheckedPath, files: readonly LocatedFile[]): string {
  return toScript(
    toCondition('defines', look.definitions.id),
    toCondition('verified', look.startedAt),
    ...files.map(toFileCondition),
    ...toPlaceConditions(files, look),
  )
}

/** The directories of PATH that were located, each once; see `toSearchedDirectories`. */
export function toLocatedDirectories(files: readonly LocatedFile[]): LocatedFile[] {
  const searched = new Set(toSearchedDirectories(files).map(({ path }) => path))
  return files.filter(({ path }) => searched.has(path))
}

/** Moments that shells compare times with: those that enclose each, to the millisecond and to the second. */
export function timesOfFiles(files: readonly WatchedFile[]): number[] {
  return files.flatMap(({ state }) => (state ? enclose(state.modifiedMs) : []))
}

/** Moments after which a change of what the files lie in shows, to the millisecond and to the second. */
export function timesOfPath(look: CheckedPath): number[] {
  const moment = changedBefore(look)
  return [moment, (Math.floor(moment / 1000) - 1) * 1000]
}

/** Moments between which an answer is fresh. */
export function timesOf(answer: CachedExports): number[] {
  return [answer.checkedAt, expiryOf(answer)]
}

// Most shells compare nanoseconds. Some compare whole seconds, and need marks that are whole seconds apart. Nothing is
// older than 1970, the time of all files in images that are built to be reproducible.
function enclose(time: number): number[] {
  const second = Math.floor(time / 1000) * 1000
  return [time - 1, time + 2, second - 1000, second + 1000].filter(moment => moment > 0)
}

/** Until when an answer is fresh, milliseconds since 1970. */
export function expiryOf({ checkedAt, ttlSeconds }: CachedExports): number {
  return checkedAt + Math.ceil(ttlSeconds * 1000)
}

function toScript(...statements: readonly string[]): string {
  return statements.map(statement => `${statement}\n`).join('')
}

function toFileCondition({ path, state, realPath }: LocatedFile): string {
  if (state === undefined || realPath === undefined) return toCondition('absent', path)
  return toCondition('same', state.modifiedMs, path, realPath)
}

// Where the spelling of PATH is the one of the script, each element has to lead where it led. Another spelling is walked.
function toSpellingConditions(file: LocatedFile, directories: readonly LocatedFile[]): string[] {
  const { path, state } = file
  if (!state?.isDirectory) return [toCondition('missing', path)]
  const directory = directories.find(
    ({ state: other }) => other?.device === state.device && other.inode === state.inode,
  )
  return directory?.realPath === path ? [] : [toCondition('leads', path, directory?.realPath ?? path)]
}

// POSIX shells read no inode, but whoever exchanges a file changes the directory that it lies in. The last line says what
// `stat` then has to say of all files.
function toPlaceConditions(files: readonly LocatedFile[], look: CheckedPath): string[] {
  const found = files.filter(({ state }) => state !== undefined)
  const paths = found.map(({ realPath = '' }) => realPath)
  const parents = new Set(paths.map(path => path.slice(0, path.lastIndexOf('/')) || '/'))
  const identities = found.map(({ state }) =>
    [state?.device, state?.inode, Math.floor((state?.changedMs ?? 0) / 1000)].join(' '),
  )
  return [
    toCall('within', changedBefore(look), ...parents),
    toCondition('identified', identities.join('\n'), ...paths),
  ]
}

// What a directory had changed just before the look may have changed once more within the same tick.
function changedBefore({ startedAt }: CheckedPath): number {
  return startedAt - tickMs
}

function toCondition(name: string, ...args: readonly (string | number)[]): string {
  return `${toCall(name, ...args)} || return 1`
}

function toCall(name: string, ...args: readonly (string | number)[]): string {
  return [`_nexus_registry_${name}`, ...args.map(argument => quoteForAnyShell(String(argument)))].join(' ')
}
