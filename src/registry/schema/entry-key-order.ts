import { isExtension } from './extensions.ts'
import { knownKeysAt } from './known-keys.ts'
import type { SubRegistryName } from './names.ts'
import { registrySchemas } from './registries.ts'

/** Place of a key among the keys of an entry: a lower one comes first. */
export type KeyRank = (key: string) => number

/**
 * The order in which the keys of an entry stand in its file: that of the schema, then keys that the schema does not
 * know, then `x-` keys. `validate --fix` and everything that writes entries keep to it.
 */
export function createKeyRank(name: SubRegistryName): KeyRank {
  const known = new Map(knownKeysAt(registrySchemas[name], ['entry']).map((key, index) => [key, index]))
  return key => (isExtension(key) ? known.size + 1 : (known.get(key) ?? known.size))
}
