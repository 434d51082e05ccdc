import type { Host } from '../../platform/host.ts'
import { type RegistryName, registryNames } from '../../registry/schema/names.ts'
import type { Caller } from '../../security/access.ts'
import { toRegistryBody } from '../bodies.ts'
import type { KnownFreshness } from '../freshness-book.ts'
import { identifyCaller } from '../identify-caller.ts'
import { toRegistryHealth } from '../registry-health.ts'
import type { Revision, View } from '../revision.ts'
import type { ServerState } from '../server-state.ts'
import { createEventHub, type EventHub } from './event-hub.ts'
import { type RenderedEvent, renderEvent } from './event-ring.ts'
import { planChange } from './plan-change.ts'

/** What happens to the registries, told to whoever listens. */
export interface Events extends Pick<EventHub, 'open' | 'counts' | 'mention'> {
  /** Looks at once: a sync was tried, or something edited. Never rejects. */
  readonly lookNow: () => Promise<void>
  /** Says goodbye to all readers. */
  readonly close: () => Promise<void>
}

interface EventsRequest extends Pick<ServerState, 'catalog' | 'freshness' | 'home' | 'tokens' | 'signIns'> {
  readonly host: Host
  /** Told of what should not happen. Streams go on. */
  readonly onDefect: (error: unknown) => void
}

/** How often is looked at what happens without anybody telling, in milliseconds. */
const checkEveryMs = 2500
/** After how many looks a stream on which nothing happens is kept alive: 15 seconds. */
const checksPerHeartbeat = 6

/** Begins to watch what there is to tell of a home. */
export async function openEvents(request: EventsRequest): Promise<Events> {
  const { catalog, freshness, host, onDefect } = request
  let revision = await catalog.current()
  const hub = createEventHub({ findReadable: caller => revision.view(caller).readable, host })
  catalog.onChange(async (before, after) => {
    revision = after
    hub.publish(await createRevisionEvents(before, after, host))
  })
  const lookout = createFreshnessMonitor(request)
  const lookAtFreshness = inTurn(async () => hub.publish(await lookout.look(() => revision)))
  await lookAtFreshness()
  const ended = new AbortController()
  const look = async () => {
    if (hub.counts().open === 0) return
    await catalog.current()
    await lookAtFreshness()
    await closeUnauthorized(hub, request)
  }
  const ending = repeat(look, { hub, clock: host.clock, ended: ended.signal, onDefect })
  return {
    open: hub.open,
    counts: hub.counts,
    mention: hub.mention,
    lookNow: async () => {
      freshness.renew()
      await catalog.refresh().then(lookAtFreshness).catch(onDefect)
    },
    close: async () => {
      ended.abort()
      await Promise.all([ending, hub.close()])
    },
  }
}

interface Repeating {
  readonly hub: EventHub
  readonly clock: Host['clock']
  readonly ended: AbortSignal
  readonly onDefect: (error: unknown) => void
}

async function repeat(look: () => Promise<void>, { hub, clock, ended, onDefect }: Repeating): Promise<void> {
  for (let count = 1; await sleepUnless(ended, clock); count++) {
    if (count % checksPerHeartbeat === 0) hub.beat()
    await look().catch(onDefect)
  }
}

async function sleepUnless(ended: AbortSignal, clock: Host['clock']): Promise<boolean> {
  await clock.sleep(checkEveryMs, ended).catch(() => undefined)
  return !ended.aborted
}

/** Ends the streams of tokens that do not hold any more. Each token is looked up once, however many streams it has. */
async function closeUnauthorized(
  hub: EventHub,
  known: Pick<ServerState, 'tokens' | 'signIns'>,
): Promise<void> {
  const readers = new Map(
    hub
      .readers()
      .flatMap(({ caller, request }) => (caller.kind === 'token' ? [[caller.tokenId, request]] : [])),
  )
  for (const [tokenId, request] of readers) {
    const found = await identifyCaller(request, known)
    if ('refusal' in found) hub.dismiss(tokenId, 'the token does not hold any more')
  }
}

/** Has calls of an action wait for those before them: what was found first is told first. */
function inTurn(act: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.catch(() => undefined).then(act)
    return last
  }
}

/**
 * What is to be told of a new revision, each role for itself: first whether it may read others than before, then what has
 * changed in those that it could and can read. The text of a change is made once.
 */
export async function createRevisionEvents(
  before: Revision,
  after: Revision,
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

/** Finds out of which registries another freshness is known than the last time. */
interface FreshnessMonitor {
  /**
   * Looks, and answers with what is to be told of it, each role for itself. The first look tells nothing. Which revision
   * is served is asked anew when it is told: what may be read may change while it is looked.
   */
  readonly look: (findRevision: () => Revision) => Promise<(caller: Caller) => readonly RenderedEvent[]>
}

function createFreshnessMonitor({
  freshness,
  home,
}: Pick<ServerState, 'freshness' | 'home'>): FreshnessMonitor {
  const told = new Map<RegistryName, string>()
  return {
    look: async findRevision => {
      const { snapshot } = findRevision()
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
        const view = findRevision().view(caller)
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
