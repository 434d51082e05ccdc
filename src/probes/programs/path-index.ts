import type { PathDirectory, PathProblem, SearchPath } from './path-directory.ts'
import { type ProgramHost, readVariable } from './program-host.ts'

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

/** Turns the listings over: from every name to the directories that hold it. */
export function createPathIndex(searchPath: SearchPath, host: ProgramHost): PathIndex {
  const toKey = (name: string) => (host.platform === 'win32' ? name.toLowerCase() : name)
  const places = new Map<string, Set<PathDirectory>>()
  for (const directory of searchPath.directories) {
    for (const name of directory.names ?? []) {
      const found = places.get(toKey(name))
      if (found) found.add(directory)
      else places.set(toKey(name), new Set([directory]))
    }
  }
  const unlisted = searchPath.directories.filter(directory => directory.names === undefined)
  const matches = (name: string): PathMatch[] => {
    const spellings = toSpellings(name, host)
    const listed = new Set(spellings.flatMap(spelling => [...(places.get(toKey(spelling)) ?? [])]))
    if (listed.size + unlisted.length === 0) return []
    const directories = searchPath.directories.filter(
      directory => listed.has(directory) || directory.names === undefined,
    )
    return directories.flatMap(directory =>
      spellings
        .filter(spelling => !directory.names || places.get(toKey(spelling))?.has(directory))
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
