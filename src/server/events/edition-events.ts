import type { Host } from '../../platform/host.ts'
import { type RegistryName, registryNames } from '../../registry/schema/names.ts'
import type { Caller } from '../../security/caller.ts'
import type { Edition } from '../edition.ts'
import { toRegistryBody } from '../registry-body.ts'
import type { RenderedEvent } from './event-ring.ts'
import { planChange } from './plan-change.ts'
import { renderEvent } from './render-event.ts'

/**
 * What is to be told of a new edition, each role for itself: first whether it may read others than before, then what has
 * changed in those that it could and can read. The text of a change is made once.
 */
export async function createEditionEvents(
  before: Edition,
  after: Edition,
  host: Pick<Host, 'sha256' | 'compress' | 'clock'>,
): Promise<(caller: Caller) => readonly RenderedEvent[]> {
  const [was, is] = [before.snapshot.registries, after.snapshot.registries]
  const changes = new Map<RegistryName, RenderedEvent>()
  for (const registry of registryNames) {
    if (was[registry] === is[registry]) continue
    const etag = toRegistryBody(registry, after, host)?.etag ?? null
    const change = await planChange(was[registry], is[registry], { etag, clock: host.clock })
    changes.set(registry, { registry, body: renderEvent('change', change) })
  }
  return caller => {
    const [could, can] = [before.view(caller).readable, after.view(caller).readable]
    const isSame = could.size === can.size && [...could].every(name => can.has(name))
    const access = { registry: undefined, body: renderEvent('access', { readable: [...can] }) }
    const shown = [...changes].filter(([name]) => could.has(name) && can.has(name))
    return [...(isSame ? [] : [access]), ...shown.map(([, event]) => event)]
  }
}
