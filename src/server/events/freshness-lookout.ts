import { type RegistryName, registryNames } from '../../registry/schema/names.ts'
import type { Caller } from '../../security/caller.ts'
import type { Edition, View } from '../edition.ts'
import type { KnownFreshness } from '../freshness-book.ts'
import { toRegistryHealth } from '../registry-health.ts'
import type { ServerState } from '../server-state.ts'
import type { RenderedEvent } from './event-ring.ts'
import { renderEvent } from './render-event.ts'

/** Finds out of which registries another freshness is known than the last time. */
export interface FreshnessLookout {
  /**
   * Looks, and answers with what is to be told of it, each role for itself. The first look tells nothing. Which edition
   * is served is asked anew when it is told: what may be read may change while it is looked.
   */
  readonly look: (findEdition: () => Edition) => Promise<(caller: Caller) => readonly RenderedEvent[]>
}

export function createFreshnessLookout({
  freshness,
  home,
}: Pick<ServerState, 'freshness' | 'home'>): FreshnessLookout {
  const told = new Map<RegistryName, string>()
  return {
    look: async findEdition => {
      const { snapshot } = findEdition()
      const known = await Promise.all(
        registryNames.map(async name => [name, await freshness.ask(name, snapshot)] as const),
      )
      const changed = known.filter(([name, found]) => {
        const [before, now] = [told.get(name), toPrint(found)]
        told.set(name, now)
        return before !== undefined && before !== now
      })
      const made = new Map<View, readonly RenderedEvent[]>()
      return caller => {
        const view = findEdition().view(caller)
        const events =
          made.get(view) ??
          changed
            .filter(([name]) => view.readable.has(name))
            .map(([name, found]) => toEvent(name, toRegistryHealth(name, found, { view, home })))
        made.set(view, events)
        return events
      }
    },
  }
}

function toEvent(
  registry: RegistryName,
  { name: _, ...health }: ReturnType<typeof toRegistryHealth>,
): RenderedEvent {
  return { registry, body: renderEvent('freshness', { registry, ...health }) }
}

// Its age changes all the time. What is in it has events of its own.
function toPrint({ status, ttlSeconds }: KnownFreshness): string {
  const { freshness, source, last_attempt, last_success, consecutive_failures, error } = status
  return JSON.stringify([
    freshness,
    source,
    last_attempt,
    last_success,
    consecutive_failures,
    error,
    ttlSeconds,
  ])
}
