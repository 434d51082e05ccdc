import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { HttpHeaders, HttpRequest, HttpResponse, ResponseStream } from '../../platform/http.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import { type Caller, toAudience, toCredentialId } from '../../security/access.ts'
import { toProblem } from '../problem.ts'
import type { Call } from '../revision.ts'
import { createEventRing, type RenderedEvent, renderEvent } from './event-ring.ts'

/** All readers of events, by role. */
export interface EventHub {
  /** Responds with a stream of events, unless there are too many streams. */
  readonly open: (call: Pick<Call, 'caller' | 'request'>) => HttpResponse
  /** Sends events to the readers of each role. */
  readonly publish: (toEvents: (caller: Caller) => readonly RenderedEvent[]) => void
  /** Sends an event that is not kept; undefined for a role that receives none. */
  readonly mention: (toBody: (caller: Caller) => string | undefined) => void
  readonly beat: () => void
  readonly readers: () => readonly Reader[]
  /** Ends the streams of a token or a session (see `toCredentialId`), with a reason as their last event. */
  readonly dismiss: (credentialId: string, reason: string) => void
  readonly counts: () => StreamCounts
  /** Refuses new streams, and ends all with a goodbye event. Settles when they are closed. */
  readonly close: () => Promise<void>
}

export interface StreamCounts {
  /** Streams that are open. */
  readonly open: number
  /** Streams that were ended because their readers were too slow. */
  readonly dropped: number
}

interface HubRequest {
  /** The registries that a caller may read now. */
  readonly findReadable: (caller: Caller) => ReadonlySet<RegistryName>
  readonly host: Pick<Host, 'clock' | 'randomName' | 'descriptorLimit'>
}

const headers: HttpHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would keep events back until it has a buffer full of them.
  'x-accel-buffering': 'no',
  // What comes after the last event is the end of the connection.
  connection: 'close',
}

/** Time for clients to read the last event, in milliseconds. */
const goodbyeMs = 300

export function createEventHub({ findReadable, host }: HubRequest): EventHub {
  const channels = new Map<string, Channel>()
  // Fewer than connections, so that a refused client receives a response.
  const mostStreams = Math.min(limits.eventStreams, Math.floor(host.descriptorLimit() / 2))
  let dropped = 0
  let isClosed = false
  const onDropped = () => {
    dropped += 1
  }
  const channelOf = (caller: Caller): Channel => {
    const audience = toAudience(caller)
    const channel = channels.get(audience) ?? createChannel({ caller, epoch: host.randomName(), onDropped })
    channels.set(audience, channel)
    return channel
  }
  const listReaders = () => [...channels.values()].flatMap(({ readers }) => [...readers])
  const countOpen = () => [...channels.values()].reduce((sum, { readers }) => sum + readers.size, 0)
  const dismissAll = (readers: readonly Reader[], reason: string) => {
    for (const reader of readers) channelOf(reader.caller).dismiss(reader, reason)
  }
  return {
    open: ({ caller, request }) => {
      if (isClosed) return refuse('the server is about to stop', 'Try again when it has started anew')
      if (countOpen() >= mostStreams)
        return refuse(`there are ${mostStreams} event streams already`, 'Try again later, or poll /health')
      return {
        status: 200,
        headers,
        stream: stream => {
          if (isClosed) stream.end()
          else channelOf(caller).join({ caller, request, stream }, findReadable(caller))
        },
      }
    },
    publish: toEvents => {
      for (const { caller, publish } of channels.values())
        for (const event of toEvents(caller)) publish(event)
    },
    mention: toBody => {
      for (const { caller, readers, mention } of channels.values()) {
        const body = readers.size === 0 ? undefined : toBody(caller)
        if (body !== undefined) mention(body)
      }
    },
    beat: () => {
      for (const { beat } of channels.values()) beat()
    },
    readers: listReaders,
    dismiss: (credentialId, reason) => {
      const isOf = ({ caller }: Reader) => toCredentialId(caller) === credentialId
      dismissAll(listReaders().filter(isOf), reason)
    },
    counts: () => ({ open: countOpen(), dropped }),
    close: async () => {
      isClosed = true
      const readers = listReaders()
      dismissAll(readers, 'the server stops')
      await waitForAll(readers, host)
      for (const { stream } of readers) stream.drop()
    },
  }
}

function refuse(detail: string, hint: string): HttpResponse {
  return toProblem(503, detail, { hint, headers: { 'retry-after': '5' } })
}

/** Settles when all streams are closed, or the time is over. */
async function waitForAll(readers: readonly Reader[], { clock }: Pick<Host, 'clock'>): Promise<void> {
  const ended = new AbortController()
  const deadline = clock.sleep(goodbyeMs, ended.signal).catch(() => undefined)
  await Promise.race([Promise.all(readers.map(({ stream }) => untilAborted(stream.closed))), deadline])
  ended.abort()
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** A reader of events. */
interface Reader {
  readonly caller: Caller
  /** Its request: the token in it is checked again and again. */
  readonly request: HttpRequest
  readonly stream: ResponseStream
}

/**
 * The events of all readers of one role, who may read the same registries. Each channel has its own numbers, so that
 * readers cannot count the events of other roles.
 */
interface Channel {
  /** A caller with the rights of all its readers. */
  readonly caller: Caller
  readonly readers: ReadonlySet<Reader>
  /** Adds a reader, and sends it the events that it has missed and may read. */
  readonly join: (reader: Reader, readable: ReadonlySet<RegistryName>) => void
  readonly publish: (event: RenderedEvent) => void
  /** Sends an event to the current readers. It has no id and is not kept for readers who come back. */
  readonly mention: (body: string) => void
  /** Sends a comment, so that proxies do not close an idle connection. */
  readonly beat: () => void
  /** Ends the stream of a reader, with a reason as its last event. */
  readonly dismiss: (reader: Reader, reason: string) => void
}

interface ChannelRequest {
  readonly caller: Caller
  /** Unique id of this channel. */
  readonly epoch: string
  /** Called when a reader was too slow and was dropped. */
  readonly onDropped: () => void
}

/** How long a browser waits before it comes back, in milliseconds. */
const retryMs = 2000

function createChannel({ caller, epoch, onDropped }: ChannelRequest): Channel {
  const ring = createEventRing(epoch)
  const readers = new Set<Reader>()
  const write = (reader: Reader, text: string) => {
    const { stream } = reader
    stream.write(text)
    if (stream.waiting() <= limits.waitingEventBytes) return
    readers.delete(reader)
    stream.drop()
    onDropped()
  }
  const toBeginning = ({ request }: Reader, readable: ReadonlySet<RegistryName>) => {
    const seen = findSeen(request)
    const passes = ({ registry }: RenderedEvent) => registry === undefined || readable.has(registry)
    const missed = seen === undefined ? [] : ring.after(seen, passes)
    // The browser keeps an id without an event, so that a reader who comes back before the first event misses nothing.
    const place = `id: ${ring.newestId()}\n`
    return missed ? `${missed.join('')}${place}\n` : `${place}${renderEvent('reset', {})}`
  }
  return {
    caller,
    readers,
    join: (reader, readable) => {
      const { closed } = reader.stream
      if (closed.aborted) return
      readers.add(reader)
      closed.addEventListener('abort', () => readers.delete(reader), { once: true })
      write(reader, `retry: ${retryMs}\n\n${toBeginning(reader, readable)}`)
    },
    publish: event => {
      const text = ring.add(event)
      for (const reader of readers) write(reader, text)
    },
    mention: body => {
      for (const reader of readers) write(reader, body)
    },
    beat: () => {
      for (const reader of readers) write(reader, ':\n\n')
    },
    dismiss: (reader, reason) => {
      write(reader, `id: ${ring.newestId()}\n${renderEvent('goodbye', { reason })}`)
      readers.delete(reader)
      reader.stream.end()
    },
  }
}

// A browser that reconnects sends the header, and the address that the page made earlier: the header is newer.
function findSeen(request: HttpRequest): string | undefined {
  return request.header('last-event-id') || request.query('last_event_id') || undefined
}
