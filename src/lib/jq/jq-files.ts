import type { JqMemory } from './jq-memory.ts'

/** How its C library says that it does not know a file, that there is none, that it is no terminal or has no places. */
const failures = { unknown: -8, missing: -44, notTerminal: -59, noPlaces: 70 } as const

const regularFile = 0o100444
/** Where its structure of a file's state has the mode and the size. */
const state = { bytes: 96, mode: 4, size: 24 } as const

interface OpenFile {
  readonly content: Uint8Array
  at: number
}

export interface JqFilesOptions {
  readonly memory: () => JqMemory
  readonly input: Uint8Array
  /** All files that there are, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Takes what is written to 1 (stdout) or 2 (stderr). The bytes are only lent. */
  readonly write: (descriptor: number, bytes: Uint8Array) => void
}

/** The system calls about files: there is what is given, to be read, and nothing else. */
export function createJqFiles({ memory, input, files, write }: JqFilesOptions) {
  const open = new Map<number, OpenFile>([[0, { content: input, at: 0 }]])
  const openFile = (name: string): number => {
    const content = files.get(name)
    if (content === undefined) return failures.missing
    const descriptor = 3 + open.size
    open.set(descriptor, { content, at: 0 })
    return descriptor
  }
  return {
    env: {
      __syscall_openat: (_directory: number, name: number) => openFile(memory().text(name)),
      __syscall_fstat64: (descriptor: number, place: number) =>
        describe(open.get(descriptor), place, memory()),
      __syscall_stat64: () => failures.missing,
      __syscall_lstat64: () => failures.missing,
      __syscall_newfstatat: () => failures.missing,
      __syscall_readlinkat: () => failures.missing,
      __syscall_getcwd: () => failures.missing,
      __syscall_fcntl64: () => 0,
      __syscall_ioctl: () => failures.notTerminal,
    },
    wasi: {
      fd_read: (descriptor: number, vectors: number, count: number, done: number) =>
        transfer({ memory: memory(), vectors, count, done }, target =>
          readInto(target, open.get(descriptor)),
        ),
      fd_write: (descriptor: number, vectors: number, count: number, done: number) =>
        transfer({ memory: memory(), vectors, count, done }, bytes => {
          write(descriptor, bytes)
          return bytes.length
        }),
      fd_close: () => 0,
      fd_seek: () => failures.noPlaces,
      fd_fdstat_get: (_descriptor: number, place: number) => {
        memory().bytes(place, 24).fill(0)
        memory().setByte(place, 4)
        return 0
      },
    },
  }
}

function describe(file: OpenFile | undefined, place: number, memory: JqMemory): number {
  if (file === undefined) return failures.unknown
  memory.bytes(place, state.bytes).fill(0)
  memory.setInt(place + state.mode, regularFile)
  memory.setLong(place + state.size, BigInt(file.content.length))
  return 0
}

interface Transfer {
  readonly memory: JqMemory
  /** Where the pairs of address and length stand, and how many there are. */
  readonly vectors: number
  readonly count: number
  /** Where the number of bytes goes that were moved. */
  readonly done: number
}

function transfer({ memory, vectors, count, done }: Transfer, move: (part: Uint8Array) => number): number {
  let total = 0
  for (let index = 0; index < count; index += 1) {
    const vector = vectors + index * 8
    total += move(memory.bytes(memory.getInt(vector) >>> 0, memory.getInt(vector + 4) >>> 0))
  }
  memory.setInt(done, total)
  return 0
}

function readInto(target: Uint8Array, file: OpenFile | undefined): number {
  if (file === undefined) return 0
  const part = file.content.subarray(file.at, file.at + target.length)
  target.set(part)
  file.at += part.length
  return part.length
}
