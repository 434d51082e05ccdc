import { errorMessage, NexusError } from '../lib/errors.ts'
import type { Host, Signal } from '../platform/host.ts'
import type { RunningServer } from '../platform/http.ts'
import { openAuditLog } from '../security/audit-log.ts'
import { createOwnerLink, publishOwnerServer } from '../security/owner-link.ts'
import { openTokenBook } from '../security/tokens.ts'
import { createHomeWatcher } from '../sync/watch/home-watcher.ts'
import { watch } from '../sync/watch/watch.ts'
import { openCatalog } from './catalog.ts'
import { openLiveDashboard } from './dashboard/live-dashboard.ts'
import { createWebPage } from './dashboard/web-page.ts'
import { createApiDescription } from './docs/api-description.ts'
import { openEvents } from './events/events.ts'
import { createSignInGuard } from './identify-caller.ts'
import { listen, toStack } from './listen.ts'
import { openServerMetrics } from './metrics.ts'
import { createOwnerSessions } from './owner-sessions.ts'
import { openFreshnessBook } from './registry-health.ts'
import type { ServerContext } from './route.ts'
import { routes } from './routes/index.ts'
import type { ServeRequest } from './serve-request.ts'

/** Time for requests under way when the server stops, in milliseconds: the process ends within a second. */
const stopMs = 500
/** Of changes within 50 ms the watcher reports only the first, when the file may be incomplete: files are checked again. */
const secondCheckMs = 60

/**
 * Serves a home over HTTP until a signal ends it, and keeps it in sync meanwhile. Throws a NexusError('serve') when the
 * address cannot be listened on.
 */
export async function serve(request: ServeRequest, host: Host): Promise<Signal> {
  const { home, log } = request
  const [signals, ended] = [shareSignals(host), new AbortController()]
  void signals.ended.then(() => ended.abort())
  const context = await openContext(request, ended.signal, host).catch((error: unknown) => {
    if (!ended.signal.aborted) throw error
  })
  if (context === undefined) return endEarly(await signals.ended, log)
  const server = await listen(request, context).catch(async (error: unknown) => {
    ended.abort()
    await closeContext(context)
    throw error
  })
  const link = await publishLink(request, context, server)
  log({ event: 'listening', home: home.directory, url: server.url })
  if (link.error !== undefined) log({ event: 'unlinked', error: link.error })
  request.onListening?.(server.url, link.url)
  if (isExposed(request)) log({ event: 'exposed', url: server.url })
  const watcher = await watchFiles(request, context)
  const polling = poll(request, context, { ...host, takeSignals: signals.takeSignals })
  const signal = await signals.ended
  const endPolling = async () => {
    if (!(await polling)) log({ event: 'stopping', reason: signal })
  }
  // All at the same time: less than a second is left for it.
  await Promise.all([
    endPolling(),
    server.stop(stopMs),
    closeContext(context),
    watcher.close(),
    link.remove(),
  ])
  log({ event: 'stopped' })
  return signal
}

function endEarly(signal: Signal, log: ServeRequest['log']): Signal {
  log({ event: 'stopping', reason: signal })
  log({ event: 'stopped' })
  return signal
}

// Without this, their timers would keep the process alive.
async function closeContext({ dashboard, events }: ServerContext): Promise<void> {
  await Promise.all([dashboard.close(), events.close()])
}

async function openContext(request: ServeRequest, ended: AbortSignal, host: Host): Promise<ServerContext> {
  const { home, measures, render, log, platformRoot } = request
  const [catalog, tokens] = await Promise.all([
    openCatalog(home.directory, host, ended),
    openTokenBook(home.directory, host),
  ])
  const sessions = createOwnerSessions(host)
  const signIns = createSignInGuard(host)
  const freshness = openFreshnessBook(home.directory, host)
  const base = { home, host, platformRoot, catalog, tokens, sessions, signIns, freshness }
  const onDefect = (error: unknown) => log({ event: 'defect', method: 'GET', error: toStack(error) })
  const events = await openEvents({ ...base, onDefect })
  return {
    ...base,
    render,
    log,
    audit: openAuditLog(home.directory, host),
    events,
    metrics: await openServerMetrics(events.counts),
    dashboard: openLiveDashboard({ ...base, events, measures, onDefect }),
    page: createWebPage(host),
    ended,
    description: createApiDescription(routes, request, host),
  }
}

interface PublishedLink {
  /** A link to the page for its owner; undefined where no browser on this machine can use one. */
  readonly url?: string
  /** Why there is none. */
  readonly error?: string
  /** Ends the making of links. */
  readonly remove: () => Promise<void>
}

/** Lets other processes of the user make links to the page, and makes the first one. */
async function publishLink(
  request: ServeRequest,
  { host, sessions: { secret } }: ServerContext,
  { port }: Pick<RunningServer, 'port'>,
): Promise<PublishedLink> {
  const remove = async () => undefined
  const url = toLocalUrl(request, port)
  if (url === undefined) return { remove }
  try {
    const unpublish = await publishOwnerServer(request.home.directory, { url, secret }, host)
    // A file that stays leads to no running server.
    return { url: createOwnerLink({ url, secret }, host), remove: () => unpublish().catch(() => undefined) }
  } catch (error) {
    return { error: errorMessage(error), remove }
  }
}

/** Address of a server for a browser on this machine, which reaches it from a loopback address; undefined for others. */
function toLocalUrl(
  { address, tls }: Pick<ServeRequest, 'address' | 'tls'>,
  port: number | undefined,
): string | undefined {
  if (address.kind !== 'port' || port === undefined) return undefined
  const name = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address.host] ?? address.host
  if (!isLoopbackName(name)) return undefined
  return `${tls === undefined ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

async function watchFiles({ home, log }: ServeRequest, { catalog, host }: ServerContext) {
  const onError = (reason: string) => {
    const hint = 'The next request finds edits'
    const error = `files cannot be watched: ${reason}`
    log({ event: 'failed', during: 'watching', error, hint, warnings: [], failures: 1, next_attempt: null })
  }
  const takeUp = async () => {
    await catalog.refresh()
    await host.clock.sleep(secondCheckMs)
    await catalog.refresh()
  }
  const onChange = () => void takeUp().catch((error: unknown) => onError(errorMessage(error)))
  const watcher = createHomeWatcher(home.directory, { onChange, onError }, host)
  await watcher.renew()
  return watcher
}

/**
 * Runs the daemon of the home until the end. When that fails, the server continues alone. Returns whether the daemon has
 * logged why it ends.
 */
async function poll(
  { home, poller, log }: ServeRequest,
  { events }: ServerContext,
  host: Host,
): Promise<boolean> {
  if (poller === undefined) return false
  try {
    const end = await watch(
      {
        ...poller,
        home,
        log: event => {
          log(event)
          if (event.event === 'synced' || event.event === 'failed' || event.event === 'edited')
            void events.checkNow()
        },
      },
      host,
    )
    if (end.outcome === 'held') log({ event: 'unpolled', pid: end.by.pid })
    return end.outcome === 'ended' && end.reason !== 'displaced'
  } catch (error) {
    const hint = error instanceof NexusError ? (error.hint ?? null) : toStack(error)
    log({
      event: 'failed',
      during: 'sync',
      error: errorMessage(error),
      hint,
      warnings: [],
      failures: 1,
      next_attempt: null,
    })
    return false
  }
}

/** Whether requests from other machines are not encrypted. */
export function isExposed({ address, tls }: Pick<ServeRequest, 'address' | 'tls'>): boolean {
  return address.kind === 'port' && tls === undefined && !isLoopbackName(address.host)
}

function isLoopbackName(host: string): boolean {
  return /^(?:localhost|::1|127(?:\.\d+){3})$/i.test(host)
}

interface SharedSignals {
  /** Adds a listener. It is called at once when a signal has already been received. */
  readonly takeSignals: Host['takeSignals']
  /** Settles with the first signal that ends the program. */
  readonly ended: Promise<Signal>
}

/** Shares the signals of the process between several listeners. */
export function shareSignals({ takeSignals }: Pick<Host, 'takeSignals'>): SharedSignals {
  const listeners: ((signal: Signal) => void)[] = []
  let end: Signal | undefined
  const ended = new Promise<Signal>(resolve => {
    listeners.push(signal => {
      if (signal === 'SIGHUP') return
      end ??= signal
      resolve(signal)
    })
  })
  takeSignals(signal => {
    for (const log of listeners) log(signal)
  })
  return {
    takeSignals: listener => {
      listeners.push(listener)
      if (end !== undefined) listener(end)
    },
    ended,
  }
}
