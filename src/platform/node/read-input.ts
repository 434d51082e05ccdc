import { finished } from 'node:stream'

/** Reads stdin to its end, or until it is longer than what is wanted of it. */
export async function readInput(maxBytes: number): Promise<Uint8Array> {
  const { stdin } = process
  const chunks: Uint8Array[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    stdin.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk)
      size += chunk.length
      // Whoever writes goes on without a reader, and nothing more is kept.
      if (size > maxBytes) stdin.destroy(toTooLarge(maxBytes))
    })
    finished(stdin, { writable: false }, error => {
      if (error) reject(error)
      else resolve(Buffer.concat(chunks))
    })
  })
}

function toTooLarge(maxBytes: number): Error {
  return Object.assign(new Error(`stdin has over ${maxBytes} bytes, the limit`), { code: 'EFBIG' })
}
