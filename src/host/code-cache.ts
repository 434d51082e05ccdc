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
import path from 'node:path'

const digestBytes = 32

export interface CodeCache {
  /** Compiled code of an earlier call of this kind; undefined when there is none that may be believed. */
  read(): Buffer | undefined
  /** Keeps compiled code, in one step. Without it the next start takes longer, no more: it never throws. */
  write(code: Buffer): void
}

/**
 * Compiled code of a bundle, in a file for each subcommand, since each uses other functions. V8 itself refuses code
 * of another version or for another source. Undefined when flags change what is compiled, or there is no place.
 */
export function openCodeCache(file: string): CodeCache | undefined {
  const directory = cacheDirectory()
  if (directory === undefined || process.execArgv.length > 0 || process.env.NODE_OPTIONS) return undefined
  const build = `${process.version}-${process.arch}-${statSync(file).mtimeMs.toString(36).replace('.', '')}`
  const cached = path.join(directory, `${build}-${subcommand()}`)
  return {
    read: () => attempt(() => (isOwn(directory) && isOwn(cached) ? unseal(readFileSync(cached)) : undefined)),
    write: code => {
      attempt(() => {
        mkdirSync(directory, { recursive: true, mode: 0o700 })
        if (!isOwn(directory)) return
        writeWhole(cached, seal(code))
        removeOtherBuilds(directory, build)
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

// Compiled code is code: it is believed only when nobody else can have written it.
function isOwn(file: string): boolean {
  const { uid, mode } = lstatSync(file)
  const isWritableByOthers = (mode & 0o022) !== 0
  return process.platform === 'win32' || (uid === process.getuid?.() && !isWritableByOthers)
}

// V8 looks at the length of what it is given, not at every byte: on a wrong one it crashes, or never ends.
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

function removeOtherBuilds(directory: string, build: string): void {
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(`${build}-`)) rmSync(path.join(directory, name), { force: true })
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
