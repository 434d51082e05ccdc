import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'

/** The format that `--format` names. Throws a NexusError('usage') with the nearest one, or all of them. */
export function requireFormat<Name extends string>(
  wanted: string,
  formats: Readonly<Record<Name, unknown>>,
): Name {
  if (isKeyOf(formats, wanted)) return wanted
  const names = Object.keys(formats)
  const hint = suggest(wanted, names) ?? `Formats are ${names.join(', ')}`
  throw new NexusError('usage', `--format: there is no format ${JSON.stringify(wanted)}`, { hint })
}

function isKeyOf<Key extends string>(object: Readonly<Record<Key, unknown>>, key: string): key is Key {
  return Object.hasOwn(object, key)
}
