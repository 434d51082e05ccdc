import { NexusError } from '../lib/errors.ts'
import { nearestFew } from '../lib/text/nearest.ts'
import { toCleanText } from '../lib/text/text.ts'
import { describeAllUnread, listUnread, type Snapshot } from './snapshot.ts'

/** The error of a name that nothing has, with the nearest names, and with the registries that could not be read. */
export function explainUnknownName(
  name: string,
  names: readonly string[],
  snapshot: Pick<Snapshot, 'registries'>,
  otherHint = 'List everything: nexus-registry graph',
): NexusError {
  const near = nearestFew(name, [...new Set(names)], 3)
  const guess = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined
  const unread = listUnread(name, snapshot)
  if (name === '') return new NexusError('usage', 'a name is empty', { hint: otherHint })
  const shown = JSON.stringify(toCleanText(name))
  if (unread.length === 0) {
    return new NexusError('usage', `nothing is called ${shown}`, { hint: guess ?? otherHint })
  }
  const hint = [...(guess === undefined ? [] : [guess]), `${describeAllUnread(unread)}.`].join(' ')
  return new NexusError('usage', `nothing that could be read is called ${shown}`, { hint })
}

/** The error of a name that means several entries. */
export function explainAmbiguousName(name: string, refs: readonly string[]): NexusError {
  const shown = refs.length > shownRefs ? [...refs.slice(0, shownRefs), '…'] : refs
  return new NexusError('usage', `${JSON.stringify(toCleanText(name))} means several: ${shown.join(', ')}`, {
    hint: 'Name one of them by its ref',
  })
}

const shownRefs = 8
