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
  const view = () => new DataView(memory.buffer)
  return {
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
    text: address => {
      const rest = new Uint8Array(memory.buffer, address)
      return new TextDecoder().decode(rest.subarray(0, rest.indexOf(0)))
    },
    getInt: address => view().getInt32(address, true),
    setInt: (address, value) => view().setInt32(address, value, true),
    setByte: (address, value) => view().setUint8(address, value),
    setLong: (address, value) => view().setBigInt64(address, value, true),
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
