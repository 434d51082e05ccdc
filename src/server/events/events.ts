import type { Host } from '../../platform/host.ts'
import { type RegistryName, registryNames } from '../../registry/schema/names.ts'
import { type Caller, toCredentialId } from '../../security/access.ts'
import { toRegistryBody } from '../bodies.ts'
import { identifyCaller } from '../identify-caller.ts'
import { type KnownFreshness, toRegistryHealth } from '../registry-health.ts'
import type { Revision, View } from '../revision.ts'
import type { ServerState } from '../serve-request.ts'
import { createEventHub, type EventHub } from './event-hub.ts'
import { type RenderedEvent, renderEvent } from './event-ring.ts'
import { planChange } from './plan-change.ts'

/** The events of the registries, for all streams. */
export interface Events extends Pick<EventHub, 'open' | 'counts' | 'mention' | 'dismiss'> {
  /** Checks at once, after a sync or an edit. Never rejects. */
  readonly checkNow: () => Promise<void>
  /** Ends all streams with a goodbye event. */
  readonly close: () => Promise<void>
}

interface EventsRequest
  extends Pick<ServerState, 'catalog' | 'freshness' | 'home' | 'tokens' | 'sessions' | 'signIns'> {
  readonly host: Host
  /** Called for bugs. Streams continue. */
  readonly onDefect: (error: unknown) => void
}

/** Time between two checks, in milliseconds. */
const checkEveryMs = 2500
/** Checks between two heartbeats of idle streams: 15 seconds. */
const checksPerHeartbeat = 6

/** Starts to watch a home for events. */
export async function openEvents(request: EventsRequest): Promise<Events> {
  const { catalog, freshness, host, onDefect } = request
  let revision = await catalog.current()
  const hub = createEventHub({ findReadable: caller => revision.view(caller).readable, host })
  catalog.onChange(async (before, after) => {
    revision = after
    hub.publish(await createRevisionEvents(before, after, host))
  })
  const monitor = createFreshnessMonitor(request)
  const checkFreshness = inTurn(async () => hub.publish(await monitor.check(() => revision)))
  await checkFreshness()
  const ended = new AbortController()
  const check = async () => {
    if (hub.counts().open === 0) return
    await catalog.current()
    await checkFreshness()
    await closeUnauthorized(hub, request)
  }
  const ending = repeat(check, { hub, clock: host.clock, ended: ended.signal, onDefect })
  return {
    open: hub.open,
    counts: hub.counts,
    mention: hub.mention,
    dismiss: hub.dismiss,
    checkNow: async () => {
      freshness.renew()
      await catalog.refresh().then(checkFreshness).catch(onDefect)
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

async function repeat(check: () => Promise<void>, { hub, clock, ended, onDefect }: Repeating): Promise<void> {
  for (let count = 1; await sleepUnless(ended, clock); count++) {
    if (count % checksPerHeartbeat === 0) hub.beat()
    await check().catch(onDefect)
  }
}

async function sleepUnless(ended: AbortSignal, clock: Host['clock']): Promise<boolean> {
  await clock.sleep(checkEveryMs, ended).catch(() => undefined)
  return !ended.aborted
}

/** Ends the streams of tokens and sessions that are no longer valid. Each is checked once, however many streams it has. */
async function closeUnauthorized(
  hub: EventHub,
  known: Pick<ServerState, 'tokens' | 'sessions' | 'signIns'>,
): Promise<void> {
  const readers = new Map(hub.readers().map(reader => [toCredentialId(reader.caller), reader]))
  for (const [credentialId, { caller, request }] of readers) {
    if (credentialId === undefined) continue
    const found = await identifyCaller(request, known)
    const what = caller.kind === 'owner' ? 'the session has ended' : 'the token is no longer valid'
    if ('refusal' in found) hub.dismiss(credentialId, what)
  }
}

/** Serializes calls of an action, so that events are in order. */
function inTurn(act: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.catch(() => undefined).then(act)
    return last
  }
}

/**
 * The events of a new revision for each role: first a change of its access, then the changes of registries that it could
 * read before and can read now. The text of a change is rendered once.
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

/** Finds registries whose freshness has changed since the last check. */
interface FreshnessMonitor {
  /**
   * Checks, and returns the events for each role; none for the first check. Access is evaluated by the revision at the
   * time of sending: it may change during the check.
   */
  readonly check: (findRevision: () => Revision) => Promise<(caller: Caller) => readonly RenderedEvent[]>
}

function createFreshnessMonitor({
  freshness,
  home,
}: Pick<ServerState, 'freshness' | 'home'>): FreshnessMonitor {
  const known = new Map<RegistryName, string>()
  return {
    check: async findRevision => {
      const { snapshot } = findRevision()
      const current = await Promise.all(
        registryNames.map(async name => [name, await freshness.find(name, snapshot)] as const),
      )
      const changed = current.filter(([name, found]) => {
        const [before, now] = [known.get(name), toComparable(found)]
        known.set(name, now)
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

// Without the age, which always changes, and the content, which has its own events.
function toComparable({ status, ttlSeconds }: KnownFreshness): string {
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
