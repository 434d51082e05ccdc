import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { constants, Script } from 'node:vm'

/**
 * Runs a bundle (in ASCII) that lies beside this one, with what V8 compiled of it last time. It is an expression: a
 * function with the parameters of a CommonJS module (scripts/bundle-program.ts), since to wrap it here would copy it. Compiling it anew takes as
 * long as a third of a start of Node; Node itself keeps compiled code only from version 22.1 on.
 */
export function runCached(name: string): void {
  const file = path.join(import.meta.dirname, name)
  const cache = openCodeCache(file)
  const cachedData = cache?.read()
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  // By the end it is known which functions this kind of call uses.
  const isDryRun = process.argv.includes('--dry-run')
  if (!isDryRun && (!cachedData || script.cachedDataRejected))
    process.once('exit', () => cache?.write(() => script.createCachedData()))
  const start: unknown = script.runInThisContext()
  const module = { exports: {} }
  if (typeof start === 'function')
    start(module.exports, createRequire(file), module, file, path.dirname(file))
}

const digestBytes = 32
/** Versions of Node whose compiled code is kept: people switch between projects, and Node versions with them. */
const keptVersions = 3
/** Builds of the program that are kept for each of them: one may be installed globally and one in a project. */
const keptBuilds = 2
/** A temporary file is deleted when it is older than this, in milliseconds: its writer was killed. */
const leftoverAgeMs = 60_000

interface CodeCache {
  /** Compiled code of an earlier call of this kind; undefined when there is none that may be believed. */
  read(): Buffer | undefined
  /** Keeps compiled code, in one step. Without it the next start takes longer, no more: it never throws. */
  write(compile: () => Buffer): void
}

/**
 * Compiled code of a bundle, in a file for each subcommand, since each uses other functions. V8 itself refuses code
 * of another version or for another source. Undefined when flags change what is compiled, or there is no place.
 */
function openCodeCache(file: string): CodeCache | undefined {
  const directory = cacheDirectory()
  if (directory === undefined || process.execArgv.length > 0 || process.env.NODE_OPTIONS) return undefined
  const build = `${process.version}-${process.arch}-${statSync(file).mtimeMs.toString(36).replace('.', '')}`
  const cached = path.join(directory, `${build}-${subcommand()}`)
  return {
    read: () => attempt(() => (isOwn(directory) && isOwn(cached) ? unseal(readFileSync(cached)) : undefined)),
    write: compile => {
      attempt(() => {
        makeDirectories(directory)
        if (!isOwn(directory)) return
        writeWhole(cached, seal(compile()))
        evict(directory, cached)
      })
    },
  }
}

function subcommand(): string {
  return process.argv.slice(2).find(argument => /^[a-z]{1,16}$/.test(argument)) ?? 'none'
}

// The same place that the caches of src/store have: only an absolute path counts (XDG Base Directory Specification).
function cacheDirectory(): string | undefined {
  const { XDG_CACHE_HOME: configured, HOME: home } = process.env
  const base = configured && path.isAbsolute(configured) ? configured : home && path.join(home, '.cache')
  return base && path.isAbsolute(base) ? path.join(base, 'nexus-registry', 'code') : undefined
}

// Compiled code is code: it is used only when no other user can have written it.
function isOwn(file: string): boolean {
  const { uid, mode } = lstatSync(file)
  const isWritableByOthers = (mode & 0o022) !== 0
  return process.platform === 'win32' || (uid === process.getuid?.() && !isWritableByOthers)
}

// V8 checks the length of what it is given, not at every byte: on a wrong one it crashes, or never ends.
function seal(code: Buffer): Buffer {
  return Buffer.concat([code, digest(code)])
}

function unseal(sealed: Buffer): Buffer | undefined {
  const code = sealed.subarray(0, -digestBytes)
  return digest(code).equals(sealed.subarray(-digestBytes)) ? code : undefined
}

function digest(code: Buffer): Buffer {
  return createHash('sha256').update(code).digest()
}

function writeWhole(file: string, content: Buffer): void {
  const temporary = `${file}.${process.pid}`
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

// Node's own recursive mkdir never ends where mkdir says ENOENT although the parent exists, as below /proc and below the
// mount point of an automounter. Each directory is tried once here.
function makeDirectories(directory: string): void {
  const missing: string[] = []
  for (let current = directory; !isDirectory(current); current = path.dirname(current)) {
    if (path.dirname(current) === current) break
    missing.unshift(current)
  }
  for (const each of missing) {
    try {
      mkdirSync(each, { mode: 0o700 })
    } catch (error) {
      // Another process may have been faster.
      if (!isDirectory(each)) throw error
    }
  }
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
}

interface CachedFile {
  readonly file: string
  readonly version: string
  readonly build: string
  /** When it was written or read last, as far as the file system says. Milliseconds since 1970. */
  readonly usedAt: number
  readonly isTemporary: boolean
}

// The build is a time in base 36; what was written by an earlier version of the program has the same form.
const namePattern = /^(v[\w.+-]+?-[a-z0-9]+)-([0-9a-z]+)-[a-z]+(\.\d+)?$/

/** Deletes compiled code of builds that were not used for longest. The file that was just written is never among them. */
function evict(directory: string, written: string): void {
  const files = readdirSync(directory).flatMap(name => attempt(() => describe(directory, name)) ?? [])
  const current = files.find(({ file }) => file === written)
  if (current === undefined) return
  const cached = files.filter(({ isTemporary }) => !isTemporary)
  const versions = latest(cached, ({ version }) => version, keptVersions, current.version)
  for (const each of files) {
    const builds = latest(
      cached.filter(({ version }) => version === each.version),
      ({ build }) => build,
      keptBuilds,
      each.version === current.version ? current.build : undefined,
    )
    const isKept = each.isTemporary
      ? Date.now() - each.usedAt < leftoverAgeMs
      : versions.includes(each.version) && builds.includes(each.build)
    if (!isKept) attempt(() => rmSync(each.file, { force: true }))
  }
}

/** The groups that were used last, `count` at most: `first` before all others. */
function latest(
  files: readonly CachedFile[],
  toGroup: (file: CachedFile) => string,
  count: number,
  first: string | undefined,
): readonly string[] {
  const sorted = [...files].sort((left, right) => right.usedAt - left.usedAt).map(toGroup)
  return [...new Set([...(first === undefined ? [] : [first]), ...sorted])].slice(0, count)
}

function describe(directory: string, name: string): CachedFile | undefined {
  const [, version, build, temporary] = namePattern.exec(name) ?? []
  if (version === undefined || build === undefined) return undefined
  const file = path.join(directory, name)
  const { atimeMs, mtimeMs } = lstatSync(file)
  return { file, version, build, usedAt: Math.max(atimeMs, mtimeMs), isTemporary: temporary !== undefined }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
