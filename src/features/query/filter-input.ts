import type { RegistryText } from '../../store/load-registry-texts.ts'

/**
 * What a filter reads: of one registry its text as it is, of all of them an object of these texts by registry name.
 * Nothing is parsed and written again, so that jq sees numbers and the order of keys as they stand in the files.
 */
export function toFilterInput(texts: readonly RegistryText[], isAll: boolean): Uint8Array {
  const usable = texts.filter(({ bytes }) => bytes !== undefined)
  const encoder = new TextEncoder()
  const parts = usable.flatMap(({ name, bytes = new Uint8Array() }, index) =>
    isAll ? [encoder.encode(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`), bytes] : [bytes],
  )
  return concatenate(isAll ? [encoder.encode('{'), ...parts, encoder.encode('}\n')] : parts)
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = parts
  if (only && others.length === 0) return only
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
