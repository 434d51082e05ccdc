import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Encoding } from '../http.ts'

/** Compresses bytes in another thread. Each result is sent many times, so it may take longer. */
export async function compress(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === 'gzip') return promisify(gzip)(bytes, { level: 9 })
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  return promisify(brotliCompress)(bytes, { params })
}

/** Of 11. The two above take many times as long for some percent. */
const brotliQuality = 9

/** SHA-256 in hexadecimal digits; of a text, of its UTF-8. Loading it takes a tenth of the start of Node. */
export function sha256(data: Uint8Array | string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(data).digest('hex')
}
