import { parseRef } from './refs.ts'
import { registryNames } from './schema/names.ts'
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

/** Whether a name that means nothing may mean something in a registry that whoever asks may not see. */
export function mayBeHidden(name: string, snapshot: Pick<Snapshot, 'registries'>): boolean {
  return listUnread(name, snapshot).some(({ state }) => state === 'hidden')
}

/** What is wrong with registries that could not be read, a clause. */
export function describeAllUnread(
  unread: readonly Pick<LoadedRegistry, 'name' | 'path' | 'state'>[],
): string {
  const hidden = unread.filter(({ state }) => state === 'hidden').map(({ name }) => name)
  const others = unread.filter(({ state }) => state !== 'hidden').map(describeUnread)
  const unseen = hidden.length === 0 ? [] : [`you may not see ${hidden.join(' and ')}`]
  return [...others, ...unseen].join(', and ')
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
