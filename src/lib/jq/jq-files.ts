/** How its C library says that it does not know a file, that there is none, that it is no terminal or has no places. */
const failures = { unknown: -8, missing: -44, notTerminal: -59, noPlaces: 70 } as const

const regularFile = 0o100444
/** Where its structure of a file's state has the mode and the size. */
const state = { bytes: 96, mode: 4, size: 24 } as const

interface OpenFile {
  readonly content: Uint8Array
  at: number
}

interface JqFilesOptions {
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

/** Memory of a WebAssembly program; its buffer is another one after it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** Reads and writes that memory. Addresses are in bytes. */
export interface JqMemory {
  bytes(address: number, length: number): Uint8Array
  /** Text that ends with a zero byte. */
  text(address: number): string
  getInt(address: number): number
  setInt(address: number, value: number): void
  setByte(address: number, value: number): void
  setLong(address: number, value: bigint): void
  /** Makes it so large, in bytes; says whether that was possible. */
  growTo(size: number): boolean
}

const pageBytes = 65_536

export function createJqMemory(memory: WasmMemory): JqMemory {
  // jq writes every word by a call of its own: a view is made anew only when the memory has grown.
  let seen = memory.buffer
  let view = new DataView(seen)
  let heap = new Uint8Array(seen)
  const refresh = () => {
    if (seen === memory.buffer) return
    seen = memory.buffer
    view = new DataView(seen)
    heap = new Uint8Array(seen)
  }
  const onView = <Result>(use: (view: DataView) => Result): Result => {
    refresh()
    return use(view)
  }
  const bytes = (address: number, length: number) => {
    refresh()
    return heap.subarray(address, address + length)
  }
  return {
    bytes,
    text: address => {
      const rest = bytes(address, memory.buffer.byteLength - address)
      return new TextDecoder().decode(rest.subarray(0, rest.indexOf(0)))
    },
    getInt: address => onView(current => current.getInt32(address, true)),
    setInt: (address, value) => onView(current => current.setInt32(address, value, true)),
    setByte: (address, value) => onView(current => current.setUint8(address, value)),
    setLong: (address, value) => onView(current => current.setBigInt64(address, value, true)),
    growTo: size => grow(memory, size),
  }
}

// A fifth more than is requested, so that a program that takes a little at a time does not copy its memory each time.
function grow(memory: WasmMemory, size: number): boolean {
  const present = memory.buffer.byteLength
  return [Math.max(size, present * 1.2), size].some(wanted => {
    try {
      return memory.grow(Math.ceil((wanted - present) / pageBytes)) >= 0
    } catch {
      return false
    }
  })
}
