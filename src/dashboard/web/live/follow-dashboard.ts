import type { RegistryHealth } from '../../../sync/health-schema.ts'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { applyReadings, keepKnown } from '../state/cards.ts'
import { type DashboardState, emptyState } from '../state/dashboard-state.ts'
import {
  type DashboardEvent,
  isDashboardView,
  isFreshness,
  isFreshReadings,
  isHealth,
  Refused,
  type Server,
} from './server.ts'

interface FollowRequest {
  readonly server: Server
  /** Called with every new state. */
  readonly onState: (state: DashboardState) => void
  /** Called when the server refuses the token. */
  readonly onRefusedToken: (reason: string) => void
  /** Ends it. */
  readonly signal: AbortSignal
}

/** The journal is written after the registries: time until it has what changed, in milliseconds. */
const journalMs = 1500

/** A server says something every 15 seconds; who hears nothing for this time has lost it, in milliseconds. */
const silenceMs = 40_000

/** Keeps a dashboard as its server has it, until it is ended. Never rejects. */
export async function followDashboard(request: FollowRequest): Promise<void> {
  const { signal } = request
  const follower = createFollower(request)
  let attempts = 0
  while (!signal.aborted) {
    const isConnected = await follower.listen()
    attempts = isConnected ? 1 : attempts + 1
    await wait(retryDelay(attempts, Math.random()), signal)
  }
}

interface Follower {
  /** Hears the server until it is lost; answers whether it was reached at all. */
  readonly listen: () => Promise<boolean>
}

function createFollower({ server, onState, onRefusedToken, signal }: FollowRequest): Follower {
  let state = emptyState
  let lastId = ''
  let missed: DashboardEvent[] | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  const set = (changed: Partial<DashboardState>) => {
    if (signal.aborted) return
    state = { ...state, ...changed }
    onState(state)
  }
  // What comes first is drawn first.
  const loadView = async () => {
    const heard: DashboardEvent[] = []
    missed = heard
    const loaded = await loadDashboard(server).finally(() => {
      missed = undefined
    })
    // What was measured while it was on its way is in no answer.
    const view = heard.reduce((known, event) => announceAgain(event, { ...state, view: known }), loaded)
    set({ view: keepKnown(view, state.view) })
  }
  const loadHealth = async () => set({ registries: await loadRegistries(server) })
  const load = coalesce(async () => {
    await Promise.all([loadView(), loadHealth()])
  })
  const lose = (error: unknown) => {
    if (error instanceof Refused && error.status === 401) onRefusedToken(error.message)
    const { connection, view } = state
    const since = 'since' in connection ? connection.since : Date.now()
    set({ connection: { kind: view === undefined ? 'unreached' : 'lost', since, reason: explain(error) } })
  }
  const take = (event: DashboardEvent) => {
    if (event.id !== '') lastId = event.id
    if (event.event === 'readings') missed?.push(event)
    const changed = reactToEvent(event, state)
    if (Object.keys(changed).length > 0) set(changed)
    if (!isReasonToLoad(event)) return
    void load().catch(lose)
    clearTimeout(again)
    again = setTimeout(() => {
      if (!signal.aborted) void load().catch(lose)
    }, journalMs)
  }
  const listen = async (): Promise<boolean> => {
    const quiet = createDeadline(silenceMs, signal)
    let isConnected = false
    const early = state.view === undefined ? load().catch(() => undefined) : Promise.resolve()
    const catchUp = async () => {
      // What changed before the stream began is in no event.
      await early.then(load)
      isConnected = true
      if (!quiet.signal.aborted) set({ connection: { kind: 'live' } })
    }
    const onOpen = () => void catchUp().catch(lose)
    try {
      await server.listen({ lastId, signal: quiet.signal, onOpen, onHeard: quiet.extend, onEvent: take })
      lose(new Error('the server has ended the connection'))
    } catch (error) {
      lose(quiet.signal.reason ?? error)
    } finally {
      quiet.end()
    }
    return isConnected
  }
  return { listen }
}

function announceAgain(
  event: DashboardEvent,
  state: DashboardState & { readonly view: DashboardView },
): DashboardView {
  return reactToEvent(event, state).view ?? state.view
}

async function loadDashboard(server: Server): Promise<DashboardView> {
  const view = await server.load('/dashboard.json')
  if (!isDashboardView(view)) throw new Error('the answer is none of a dashboard')
  return view
}

async function loadRegistries(server: Server): Promise<readonly RegistryHealth[]> {
  const health = await server.load('/health')
  if (!isHealth(health)) throw new Error('the answer does not tell of registries')
  return health.registries
}

// What browsers say of a connection that fails helps nobody: "Failed to fetch", "network error".
function explain(error: unknown): string {
  if (error instanceof TypeError) return 'the server cannot be reached'
  return error instanceof Error ? error.message : String(error)
}

/** Runs an action one at a time. Calls during a run share the next run. */
export function coalesce(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = () => {
    next = undefined
    running = act().finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (running === undefined) return begin()
    next ??= running.catch(() => undefined).then(begin)
    return next
  }
}

interface Deadline {
  /** Aborted when the time is over, or when the outer signal is. */
  readonly signal: AbortSignal
  /** Begins the time anew. */
  readonly extend: () => void
  readonly end: () => void
}

/** A time that begins anew with every sign of life. */
function createDeadline(ms: number, outer: AbortSignal): Deadline {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => controller.abort(outer.reason)
  const extend = () => {
    clearTimeout(timer)
    timer = setTimeout(() => controller.abort(new Error('nothing is heard of the server')), ms)
  }
  outer.addEventListener('abort', stop, { once: true })
  if (outer.aborted) stop()
  extend()
  return {
    signal: controller.signal,
    extend,
    end: () => {
      clearTimeout(timer)
      outer.removeEventListener('abort', stop)
      controller.abort(new Error('it is over'))
    },
  }
}

/** What an event changes at once; empty for one that says nothing of that kind. */
function reactToEvent(event: DashboardEvent, state: DashboardState): Partial<DashboardState> {
  const { view, registries } = state
  const data: unknown = event.data === '' ? undefined : JSON.parse(event.data)
  switch (event.event) {
    case 'readings':
      return view && isFreshReadings(data) ? { view: applyReadings(view, data) } : {}
    case 'freshness': {
      if (!isFreshness(data)) return {}
      const { registry, ...fresh } = data
      return { registries: registries.map(each => (each.name === registry ? { ...each, ...fresh } : each)) }
    }
    default:
      return {}
  }
}

/** Whether everything has to be loaded anew after an event. */
function isReasonToLoad({ event }: DashboardEvent): boolean {
  return event === 'change' || event === 'access' || event === 'reset'
}

/**
 * How long to wait before a server is asked again, in milliseconds: longer each time, up to ten seconds. `chance` is from
 * 0 to 1, so that not all pages of a server come back at the same moment.
 */
export function retryDelay(attempts: number, chance: number): number {
  const longest = Math.min(10_000, 400 * 2 ** Math.min(attempts, 8))
  return Math.round(longest * (0.6 + 0.4 * chance))
}

/** Waits, but not beyond the end. Never rejects. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const finish = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal.addEventListener('abort', finish, { once: true })
    if (signal.aborted) finish()
  })
}
