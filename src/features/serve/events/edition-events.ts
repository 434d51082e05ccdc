import type { Caller } from '../../../core/access/caller.ts'
import type { Host } from '../../../core/host.ts'
import { type RegistryName, registryNames } from '../../../schema/names.ts'
import type { Edition } from '../edition.ts'
import { toRegistryBody } from '../registry-body.ts'
import type { RenderedEvent } from './event-ring.ts'
import { planChange } from './plan-change.ts'
import { renderEvent } from './render-event.ts'

/**
 * What is to be told of a new edition, each role for itself: first whether it may read others than before, then what has
 * changed in those that it could and can read. The text of a change is made once.
 */
export function createEditionEvents(
  before: Edition,
  after: Edition,
  host: Pick<Host, 'sha256' | 'compress'>,
): (caller: Caller) => readonly RenderedEvent[] {
  const [was, is] = [before.snapshot.registries, after.snapshot.registries]
  const made = new Map<RegistryName, RenderedEvent>()
  const toChange = (registry: RegistryName): RenderedEvent => {
    const known = made.get(registry)
    if (known) return known
    const etag = toRegistryBody(registry, after, host)?.etag ?? null
    const change = planChange(was[registry], is[registry], etag)
    const event = { registry, body: renderEvent('change', change) }
    made.set(registry, event)
    return event
  }
  return caller => {
    const [could, can] = [before.view(caller).readable, after.view(caller).readable]
    const isSame = could.size === can.size && [...could].every(name => can.has(name))
    const access = { registry: undefined, body: renderEvent('access', { readable: [...can] }) }
    const changed = registryNames.filter(name => was[name] !== is[name] && could.has(name) && can.has(name))
    return [...(isSame ? [] : [access]), ...changed.map(toChange)]
  }
}
