import { isShortage, systemErrorCode } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import { createDeadline, type Deadline } from '../../platform/deadline.ts'
import type { FileInfo } from '../../platform/host.ts'
import { type ProgramHost, readVariable } from '../probe.ts'

/** A place on PATH where a name was listed. */
export interface PathMatch {
  readonly name: string
  readonly path: string
  readonly directory: PathDirectory
}

interface PathIndex {
  readonly problems: readonly PathProblem[]
  /** Places where the name stands, in the order of PATH. */
  matches(name: string): readonly PathMatch[]
}

/** Answers where names stand in the listings. */
export function createPathIndex(searchPath: SearchPath, host: ProgramHost): PathIndex {
  const toKey = (name: string) => (host.platform === 'win32' ? name.toLowerCase() : name)
  const listings = searchPath.directories.map(directory => ({
    directory,
    names: directory.names && new Set(directory.names.map(toKey)),
  }))
  const matches = (name: string): PathMatch[] => {
    const spellings = toSpellings(name, host)
    return listings.flatMap(({ directory, names }) =>
      spellings
        .filter(spelling => names === undefined || names.has(toKey(spelling)))
        .map(spelling => ({ name, path: host.path.join(directory.path, spelling), directory })),
    )
  }
  return { problems: searchPath.problems, matches }
}

// Windows finds git.exe under the name git, by the extensions in PATHEXT.
function toSpellings(name: string, host: ProgramHost): readonly string[] {
  if (host.platform !== 'win32') return [name]
  const endings = (readVariable('PATHEXT', host) ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';')
  if (endings.some(ending => ending !== '' && name.toLowerCase().endsWith(ending))) return [name]
  return endings.filter(Boolean).map(ending => name + ending)
}

/** A directory of PATH that was listed. */
interface PathDirectory {
  readonly path: string
  /** Names in it; undefined when it may be searched but not listed. */
  readonly names: readonly string[] | undefined
  /** Whether everybody may put programs into it: nothing is executed from there. */
  readonly isOpenToAll: boolean
  /** The same for two spellings of one directory. */
  readonly key: string
}

/** An element of PATH that is not searched, and why. */
export interface PathProblem {
  readonly path: string
  readonly why: string
}

export interface SearchPath {
  readonly directories: readonly PathDirectory[]
  readonly problems: readonly PathProblem[]
}

/**
 * Lists every directory of PATH once, all at the same time, each with a deadline of its own. Empty, `.` and relative
 * elements are never searched; elements where nothing stands are ignored, as shells do.
 */
export async function loadSearchPath(host: ProgramHost): Promise<SearchPath> {
  const elements = [...new Set((readVariable('PATH', host) ?? '').split(host.path.delimiter))]
  const deadline = createDeadline(limits.directoryTimeoutMs, host.clock)
  const loaded = await Promise.all(elements.map(element => loadElement(element, deadline, host)))
  const directories = new Map<string, PathDirectory>()
  for (const each of loaded) {
    if (each && 'key' in each && !directories.has(each.key)) directories.set(each.key, each)
  }
  const problems = loaded.flatMap(each => (each && 'why' in each ? [each] : []))
  return { directories: [...directories.values()], problems }
}

async function loadElement(
  element: string,
  deadline: Deadline,
  host: ProgramHost,
): Promise<PathDirectory | PathProblem | undefined> {
  if (!host.path.isAbsolute(element)) {
    return { path: element, why: 'is relative to the working directory, so it is never searched' }
  }
  const late = { path: element, why: `did not respond within ${limits.directoryTimeoutMs} ms` }
  const loading = loadDirectory(element, host).then(directory => ({ directory }))
  const loaded = await deadline(loading)
  return loaded ? loaded.directory : late
}

async function loadDirectory(
  path: string,
  host: ProgramHost,
): Promise<PathDirectory | PathProblem | undefined> {
  try {
    const info = await host.fs.statAnywhere(path)
    if (info === undefined) return undefined
    if (info.kind !== 'directory') return { path, why: 'is not a directory' }
    const isOpenToAll = host.platform !== 'win32' && isOpen(info)
    return { path, names: await listNames(path, host), isOpenToAll, key: toKey(path, info, host) }
  } catch (error) {
    // It proves nothing: the program may be there.
    if (isShortage(error)) throw error
    return { path, why: `cannot be read (${systemErrorCode(error) ?? 'unknown error'})` }
  }
}

async function listNames(path: string, host: ProgramHost): Promise<readonly string[] | undefined> {
  try {
    return await host.fs.list(path)
  } catch (error) {
    if (systemErrorCode(error) === 'EACCES' && (await host.fs.isExecutable(path))) return undefined
    throw error
  }
}

// Writable by others and without the sticky bit, which would keep them from replacing what is not theirs.
function isOpen(info: FileInfo): boolean {
  return (info.mode & 0o002) !== 0 && (info.mode & 0o1000) === 0
}

function toKey(path: string, info: FileInfo, host: ProgramHost): string {
  return host.platform === 'win32' ? path.toLowerCase() : `${info.device}:${info.inode}`
}
