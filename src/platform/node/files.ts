import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  promises,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { systemErrorCode } from '../../lib/errors.ts'
import type { FileInfo, FileSystem, ProgramFile, WriteOptions } from '../host.ts'
import { clock } from './clock.ts'

/** The real file system. Node loads `promises` when one of them is first called, which many calls never do. */
export const files: FileSystem = {
  readBytes: (path, maxBytes) => unlessMissing(() => whenFree(async () => readBounded(path, maxBytes))),
  readBytesWithin: (directory, path, maxBytes) =>
    unlessMissing(() => whenFree(async () => readBounded(path, maxBytes, directory))),
  readText: async (path, maxBytes) => {
    const bytes = await unlessMissing(() => whenFree(async () => readBounded(path, maxBytes)))
    return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  },
  // An error for each file that is not there would take longer than the check itself.
  stat: path => unlessMissing(async () => toKnownInfo(statSync(path, { throwIfNoEntry: false }))),
  lstat: path => unlessMissing(async () => toKnownInfo(lstatSync(path, { throwIfNoEntry: false }))),
  statAnywhere: path => unlessMissing(async () => toFileInfo(await promises.stat(path))),
  list: path => whenFree(() => promises.readdir(path)),
  realPath: path => promises.realpath(path),
  readLink,
  examineProgram: async path => unlessMissing(async () => examineProgram(path)),
  isExecutable: async path => isAllowed(path, constants.X_OK),
  isReadable: async path => isAllowed(path, constants.R_OK),
  isWritable: async path => isAllowed(path, constants.W_OK),
  makeDirectory,
  makeChildDirectory: async (path, mode) => promises.mkdir(path, mode),
  createFile,
  appendLines,
  setMode: (path, mode) => promises.chmod(path, mode),
  setModified: (path, ms) => promises.utimes(path, ms / 1000, ms / 1000),
  rename: (from, to) => promises.rename(from, to),
  createLink: (path, target) => promises.symlink(target, path),
  remove: async path => {
    await unlessMissing(() => promises.unlink(path))
  },
  removeEmptyDirectory,
  // A process that was killed may still be writing: what appears meanwhile is removed at the next try.
  removeTree: path =>
    whenFree(() => promises.rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 })),
  syncDirectory,
  temporaryDirectory: tmpdir(),
}

// How often to try again, and after how many milliseconds at first: a second altogether.
const tries = 8
const firstPauseMs = 4

/** The last of the operations that wait for a descriptor. */
let line: Promise<unknown> = Promise.resolve()
/** Until then no caller waits again, on the monotonic clock: the last wait was in vain. */
let scarceUntil = 0

/**
 * Does something that takes a descriptor. While there is none, operations stand in line and try again, one at a time:
 * what this program itself has open is closed soon.
 */
async function whenFree<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    if (!isOutOfDescriptors(error)) throw error
    const later = line.then(() => tryAgain(operation))
    line = later.catch(() => undefined)
    return later
  }
}

async function tryAgain<T>(operation: () => Promise<T>): Promise<T> {
  for (let round = 0; ; round++) {
    try {
      return await operation()
    } catch (error) {
      if (!isOutOfDescriptors(error) || performance.now() < scarceUntil) throw error
      if (round === tries) {
        scarceUntil = performance.now() + 1000
        throw error
      }
      await clock.sleep(firstPauseMs * 2 ** round)
    }
  }
}

function isOutOfDescriptors(error: unknown): boolean {
  const code = systemErrorCode(error)
  return code === 'EMFILE' || code === 'ENFILE'
}

function openFile(path: string, flags: number, mode?: number): Promise<promises.FileHandle> {
  return whenFree(() => promises.open(path, flags, mode))
}

async function unlessMissing<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation()
  } catch (error) {
    const code = systemErrorCode(error)
    // No file can have a name that is too long.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined
    throw error
  }
}

// Node's own recursive mkdir fails with ENOENT where the file system is read-only.
async function makeDirectory(path: string, mode?: number): Promise<void> {
  const parent = nodePath.dirname(path)
  try {
    await makeOneDirectory(path, mode)
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || parent === path) throw error
    await makeDirectory(parent, mode)
    await makeOneDirectory(path, mode)
  }
}

async function makeOneDirectory(path: string, mode?: number): Promise<void> {
  try {
    await promises.mkdir(path, mode)
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST' || !(await isDirectory(path))) throw error
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await unlessMissing(() => promises.stat(path)))?.isDirectory() === true
}

async function removeEmptyDirectory(path: string): Promise<void> {
  try {
    await unlessMissing(() => promises.rmdir(path))
  } catch (error) {
    // POSIX allows either code for a directory that holds something.
    const code = systemErrorCode(error)
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}

async function readLink(path: string): Promise<string | undefined> {
  try {
    return await unlessMissing(async () => readlinkSync(path))
  } catch (error) {
    if (systemErrorCode(error) === 'EINVAL') return undefined
    throw error
  }
}

// Sockets, pipes and devices are refused: reading one could wait for ever. What is left is small and near: its four
// calls take microseconds here, and ten times as long by way of the thread pool.
function readBounded(path: string, maxBytes = Number.POSITIVE_INFINITY, within?: string): Uint8Array {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const info = fstatSync(descriptor)
    if (within !== undefined) requireWithin(within, path, info)
    if (info.isDirectory()) throw toSystemError('EISDIR', 'is a directory', path)
    if (!info.isFile()) throw toSystemError('EINVAL', 'is not a regular file', path)
    if (info.size > maxBytes)
      throw toSystemError('EFBIG', `has ${info.size} bytes, the limit is ${maxBytes}`, path)
    const bytes = readFileSync(descriptor)
    // Files of /proc and /sys have no size, and a file may grow while it is read.
    if (bytes.length > maxBytes) throw toSystemError('EFBIG', `has over ${maxBytes} bytes`, path)
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

// What was opened is compared, and not what stands there now: a link may be changed between two checks.
function requireWithin(directory: string, path: string, opened: Stats): void {
  const real = realpathSync.native(path)
  const way = nodePath.relative(directory, real)
  if (way === '..' || way.startsWith(`..${nodePath.sep}`) || nodePath.isAbsolute(way))
    throw toSystemError('EXDEV', `is a link that leads out of ${directory}`, path)
  const { ino, dev } = lstatSync(real)
  if (ino !== opened.ino || dev !== opened.dev)
    throw toSystemError('ESTALE', 'was replaced while it was read', path)
}

function toSystemError(code: string, what: string, path: string): Error {
  return Object.assign(new Error(`${path} ${what}`), { code })
}

function toKnownInfo(stats: Stats | undefined): FileInfo | undefined {
  return stats && toFileInfo(stats)
}

function toFileInfo(stats: Stats): FileInfo {
  return {
    kind: toKind(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    inode: stats.ino,
    device: stats.dev,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
  }
}

function toKind(stats: Stats): FileInfo['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  return stats.isSymbolicLink() ? 'link' : 'other'
}

// Three calls of microseconds each: their ways through the thread pool would take ten times as long.
function examineProgram(path: string): ProgramFile {
  const info = toFileInfo(statSync(path))
  return {
    info,
    realPath: realpathSync.native(path),
    isExecutable: info.kind === 'file' && isAllowed(path, constants.X_OK),
  }
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

async function createFile(
  path: string,
  data: Uint8Array | string,
  mode: number,
  { isDurable }: WriteOptions = { isDurable: true },
): Promise<void> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const handle = await openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
  try {
    await handle.writeFile(bytes)
    const { size } = await handle.stat()
    // A full disk can take fewer bytes of a write without an error.
    if (size !== bytes.length) {
      throw toSystemError('ENOSPC', `took ${size} of ${bytes.length} bytes: no space left`, path)
    }
    if (isDurable) await handle.sync()
  } finally {
    await handle.close()
  }
}

async function appendLines(path: string, text: string): Promise<void> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NONBLOCK } = constants
  const handle = await openFile(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, 0o666)
  try {
    const info = await handle.stat()
    if (!info.isFile()) throw toSystemError('EINVAL', 'is not a regular file', path)
    const isLineOpen = await hasOpenLine(handle, info.size)
    const bytes = new TextEncoder().encode(isLineOpen ? `\n${text}` : text)
    // In one write, so that no text of others comes in between.
    const { bytesWritten } = await handle.write(bytes)
    if (bytesWritten !== bytes.length) {
      throw toSystemError('ENOSPC', `took ${bytesWritten} of ${bytes.length} bytes: no space left`, path)
    }
  } finally {
    await handle.close()
  }
}

async function hasOpenLine(handle: promises.FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false
  const { buffer } = await handle.read(new Uint8Array(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}

// Windows cannot open a directory to sync it, and does not need to.
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await openFile(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
