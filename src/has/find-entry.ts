import { detectablesOf } from '../detection/detectables.ts'
import type { Detectable } from '../detection/plan-target.ts'
import { NexusError } from '../lib/errors.ts'
import { toShellWord } from '../lib/shell/to-shell-word.ts'
import { nearest } from '../lib/text/nearest.ts'
import { parseRef } from '../registry/refs.ts'
import type { Snapshot } from '../registry/snapshot.ts'

type Searched = { readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks'> }

/** The entry that an id (`docker`) or a ref (`tools/docker`) names. Throws when there is none. */
export function findEntry(name: string, snapshot: Searched): Detectable {
  const entries = detectablesOf(snapshot)
  const ref = parseRef(name)
  const found = entries.find(({ registry, id }) =>
    ref ? ref.registry === registry && ref.id === id : id === name,
  )
  if (found) return found
  throw explainMissing(name, entries, snapshot)
}

function explainMissing(name: string, entries: readonly Detectable[], snapshot: Searched): NexusError {
  const { tools, ml_frameworks: frameworks } = snapshot.registries
  const broken = [tools, frameworks].find(
    ({ quarantined, state }) => state !== 'ok' || quarantined.includes(parseRef(name)?.id ?? name),
  )
  if (broken) {
    const hint = `See what is wrong: nexus-registry validate ${toShellWord(broken.path)}`
    return new NexusError('input', `${name} cannot be looked up: ${broken.path} is broken`, { hint })
  }
  const ids = entries.map(({ id }) => id)
  const meant = nearest(name, [...ids, ...entries.map(({ registry, id }) => `${registry}/${id}`)])
  const hint = meant ? `Did you mean ${meant}?` : 'See what there is: nexus-registry list tools'
  return new NexusError('usage', `there is no tool or ML framework ${JSON.stringify(name)}`, { hint })
}
