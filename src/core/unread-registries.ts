import { registryNames } from '../schema/names.ts'
import { parseRef } from './refs.ts'
import type { LoadedRegistry, Snapshot } from './snapshot.ts'

/** The registries that could not be read and in which something of this name may stand: of a ref only its own. */
export function listUnread(
  name: string,
  { registries }: Pick<Snapshot, 'registries'>,
): Pick<LoadedRegistry, 'name' | 'path' | 'state'>[] {
  const own = parseRef(name)?.registry
  const places = own === undefined ? registryNames : [own]
  return places.map(place => registries[place]).filter(({ state }) => state !== 'ok')
}

/** What is wrong with a registry that could not be read, a sentence without its full stop. */
export function describeUnread({
  name,
  path,
  state,
}: Pick<LoadedRegistry, 'name' | 'path' | 'state'>): string {
  if (state === 'hidden') return `you may not see ${name}`
  return `${path} ${state === 'missing' ? 'is not there' : 'cannot be read'}`
}
