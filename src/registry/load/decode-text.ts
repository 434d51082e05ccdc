import type { JsonFault } from '../../lib/json/json-scanner.ts'

/** Decodes UTF-8. With a fault the text is a best effort, for positions only. */
export function decodeText(bytes: Uint8Array): { text: string; fault?: JsonFault } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    const start = findFault(bytes, text)
    const message = isUtf16(bytes) ? 'the file is written in UTF-16, not UTF-8' : 'a byte here is not UTF-8'
    const hint = 'Save the file as UTF-8'
    return { text, fault: { rule: 'encoding', message, hint, start, end: start + 1, pointer: '' } }
  }
}

// Replacement characters may stand in a file rightly: the first byte that does not come back is the wrong one.
function findFault(bytes: Uint8Array, text: string): number {
  const again = new TextEncoder().encode(text)
  let sound = 0
  while (sound < bytes.length && bytes[sound] === again[sound]) sound += 1
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return decoder.decode(bytes.subarray(0, sound), { stream: true }).length
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}
