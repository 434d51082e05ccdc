import type { Host } from '../../platform/host.ts'
import { identifyCaller } from '../identify-caller.ts'
import type { ServerState } from '../server-state.ts'
import { createEditionEvents } from './edition-events.ts'
import { createEventHub, type EventHub } from './event-hub.ts'
import { createFreshnessLookout } from './freshness-lookout.ts'

/** What happens to the registries, told to whoever listens. */
export interface Events extends Pick<EventHub, 'open' | 'counts' | 'mention'> {
  /** Looks at once: a sync was tried, or something edited. Never rejects. */
  readonly lookNow: () => Promise<void>
  /** Says goodbye to all readers. */
  readonly close: () => Promise<void>
}

export interface EventsRequest
  extends Pick<ServerState, 'catalog' | 'freshness' | 'home' | 'tokens' | 'signIns'> {
  readonly host: Host
  /** Told of what should not happen. Streams go on. */
  readonly onDefect: (error: unknown) => void
}

/** How often is looked at what happens without anybody telling, in milliseconds. */
const lookEveryMs = 2500
/** After how many looks a stream on which nothing happens is kept alive: 15 seconds. */
const looksForBeat = 6

/** Begins to watch what there is to tell of a home. */
export async function openEvents(request: EventsRequest): Promise<Events> {
  const { catalog, freshness, host, onDefect } = request
  let edition = await catalog.current()
  const hub = createEventHub({ findReadable: caller => edition.view(caller).readable, host })
  catalog.onChange(async (before, after) => {
    edition = after
    hub.publish(await createEditionEvents(before, after, host))
  })
  const lookout = createFreshnessLookout(request)
  const lookAtFreshness = inTurn(async () => hub.publish(await lookout.look(() => edition)))
  await lookAtFreshness()
  const ended = new AbortController()
  const look = async () => {
    if (hub.counts().open === 0) return
    await catalog.current()
    await lookAtFreshness()
    await dismissStrangers(hub, request)
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
    if (count % looksForBeat === 0) hub.beat()
    await look().catch(onDefect)
  }
}

async function sleepUnless(ended: AbortSignal, clock: Host['clock']): Promise<boolean> {
  await clock.sleep(lookEveryMs, ended).catch(() => undefined)
  return !ended.aborted
}

/** Ends the streams of tokens that do not hold any more. Each token is looked up once, however many streams it has. */
async function dismissStrangers(
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
