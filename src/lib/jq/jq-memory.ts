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

// A fifth more than is asked for, so that a program that takes a little at a time does not copy its memory each time.
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
