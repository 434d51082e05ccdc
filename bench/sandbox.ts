import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runCommand } from './run-command.ts'

/** A throw-away place to run in. Nothing of the user's is read or written by the program there. */
export interface Sandbox {
  readonly directory: string
  /** Environment with data, cache, state and configuration below `directory`. */
  readonly env: NodeJS.ProcessEnv
  /** Registry home, as `init` made it from the shipped registries. */
  readonly home: string
}

/** Root of this package. */
export const packageRoot = path.dirname(import.meta.dirname)

/** What users call. */
export const launcher = path.join(packageRoot, 'bin/nexus-registry')

/** Where files cost no disk, when there is such a place: for what writes thousands of them, and is not asked how long that takes. */
export const memoryPlace = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Calls `use` with a directory that exists until it settles. */
export async function withTemporaryDirectory<T>(
  use: (directory: string) => Promise<T>,
  parent = tmpdir(),
): Promise<T> {
  const directory = await mkdtemp(path.join(parent, 'nexus-registry-bench-'))
  try {
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Makes a sandbox with a home of its own in an existing directory. */
export async function createSandbox(directory: string): Promise<Sandbox> {
  await mkdir(directory, { recursive: true })
  const env = toEnvironment(directory)
  runCommand([launcher, 'init'], { directory, env })
  return { directory, env, home: path.join(directory, 'data/nexus-registry') }
}

// HOME stays: version managers find the user's programs by it. Nothing of ours lies there once XDG_* are set.
function toEnvironment(directory: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NEXUS|npm|NODE)_/.test(name))
  return {
    ...Object.fromEntries(inherited),
    PATH: withoutNpm(process.env.PATH ?? ''),
    XDG_DATA_HOME: path.join(directory, 'data'),
    XDG_CACHE_HOME: path.join(directory, 'cache'),
    XDG_STATE_HOME: path.join(directory, 'state'),
    XDG_CONFIG_HOME: path.join(directory, 'config'),
  }
}

// `npm run` puts directories first.
function withoutNpm(searchPath: string): string {
  const directories = searchPath.split(path.delimiter)
  return directories
    .filter(place => !/[/\\](node_modules[/\\]\.bin|node-gyp-bin)$/.test(place))
    .join(path.delimiter)
}
