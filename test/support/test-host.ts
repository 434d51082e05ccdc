import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import type { Clock, FileSystem, Host, OutputStream } from '../../src/platform/host.ts'
import { createHost } from '../../src/platform/node/create-host.ts'

export interface TestHost extends Host {
  /** A fresh directory of this test, removed after it. */
  readonly directory: string
  readonly written: { stdout: string; stderr: string }
}

export interface TestHostOptions {
  env?: Record<string, string | undefined>
  cwd?: string
  platform?: NodeJS.Platform
  clock?: Partial<Clock>
  columns?: number
  /** Directory that stands for `/`: every path below one of these prefixes is looked up in it. */
  root?: { directory: string; prefixes: readonly string[] }
  overrides?: Partial<Host>
}

/**
 * The one fake host: the real one, in a directory of its own, with its own environment.
 * What this machine cannot have (sysfs of a GPU, another platform) is laid out under `root`.
 */
export async function createTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const directory = await temporaryDirectory()
  const real = createHost({ interrupted: new AbortController().signal })
  const written = { stdout: '', stderr: '' }
  const toStream = (name: 'stdout' | 'stderr'): OutputStream => ({
    write: text => {
      written[name] += text
    },
    isTerminal: options.columns !== undefined,
    columns: options.columns,
  })
  return {
    ...real,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: directory,
      XDG_CACHE_HOME: nodePath.join(directory, 'cache'),
      XDG_STATE_HOME: nodePath.join(directory, 'state'),
      XDG_DATA_HOME: nodePath.join(directory, 'data'),
      XDG_CONFIG_HOME: nodePath.join(directory, 'config'),
      ...options.env,
    },
    cwd: options.cwd ?? directory,
    userHome: directory,
    platform: options.platform ?? real.platform,
    clock: { ...real.clock, ...options.clock },
    fs: options.root ? rootedFiles(real.fs, options.root) : real.fs,
    stdout: toStream('stdout'),
    stderr: toStream('stderr'),
    writeNow: data => {
      written.stdout += typeof data === 'string' ? data : new TextDecoder().decode(data)
      return true
    },
    ...options.overrides,
    directory,
    written,
  }
}

/** A fresh directory, removed when the test is done. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(nodePath.join(tmpdir(), 'nexus-registry-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A fresh directory, removed when all tests of the file are done: for `beforeAll`. */
export async function lastingDirectory(): Promise<string> {
  const directory = await mkdtemp(nodePath.join(tmpdir(), 'nexus-registry-test-'))
  lasting.push(directory)
  return directory
}

const lasting: string[] = []
afterAll(removeLastingDirectories)

/** Where files share a process this module is loaded once: each but the first has to say that it is done. */
export async function removeLastingDirectories(): Promise<void> {
  await Promise.all(lasting.splice(0).map(directory => rm(directory, { recursive: true, force: true })))
}

function rootedFiles(fs: FileSystem, root: { directory: string; prefixes: readonly string[] }): FileSystem {
  const toReal = (path: string) =>
    root.prefixes.some(prefix => path === prefix || path.startsWith(`${prefix}/`))
      ? nodePath.join(root.directory, path)
      : path
  return {
    ...fs,
    readBytes: (path, maxBytes) => fs.readBytes(toReal(path), maxBytes),
    readText: (path, maxBytes) => fs.readText(toReal(path), maxBytes),
    stat: path => fs.stat(toReal(path)),
    statAnywhere: path => fs.statAnywhere(toReal(path)),
    lstat: path => fs.lstat(toReal(path)),
    list: path => fs.list(toReal(path)),
    realPath: async path => {
      const real = await fs.realPath(toReal(path))
      return real.startsWith(`${root.directory}/`) ? real.slice(root.directory.length) : real
    },
    readLink: path => fs.readLink(toReal(path)),
    examineProgram: path => fs.examineProgram(toReal(path)),
    isExecutable: path => fs.isExecutable(toReal(path)),
  }
}
