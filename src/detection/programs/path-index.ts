import { type ProgramHost, readVariable } from '../program-host.ts'
import type { PathDirectory, PathProblem, SearchPath } from './path-directory.ts'

/** A place on PATH where a name was listed. */
export interface PathMatch {
  readonly name: string
  readonly path: string
  readonly directory: PathDirectory
}

export interface PathIndex {
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

// Windows finds git.exe when git is asked for, by the endings that PATHEXT lists.
function toSpellings(name: string, host: ProgramHost): readonly string[] {
  if (host.platform !== 'win32') return [name]
  const endings = (readVariable('PATHEXT', host) ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';')
  if (endings.some(ending => ending !== '' && name.toLowerCase().endsWith(ending))) return [name]
  return endings.filter(Boolean).map(ending => name + ending)
}
