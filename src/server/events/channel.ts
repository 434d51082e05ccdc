import { limits } from '../../lib/limits.ts'
import type { AnswerStream } from '../../platform/http-answer.ts'
import type { HttpRequest } from '../../platform/http-request.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { Caller } from '../../security/caller.ts'
import { createEventRing, type RenderedEvent } from './event-ring.ts'
import { renderEvent } from './render-event.ts'

/** A reader of events. */
export interface Reader {
  readonly caller: Caller
  /** What it asked with: who it is can be found out again. */
  readonly request: HttpRequest
  readonly stream: AnswerStream
}

/**
 * The events of all readers of one role: they may see the same. Its numbering is its own, so that nobody can count what
 * others are told.
 */
export interface Channel {
  /** One whose rights are those of all its readers. */
  readonly caller: Caller
  readonly readers: ReadonlySet<Reader>
  /** Takes a reader in, and tells it what it has missed of what it may read. */
  readonly join: (reader: Reader, readable: ReadonlySet<RegistryName>) => void
  readonly publish: (event: RenderedEvent) => void
  /** Tells the readers of now alone: what counts for a moment is not kept for those who come back, and has no id. */
  readonly mention: (body: string) => void
  /** Sends what is no event: a connection on which nothing happens is taken for a dead one. */
  readonly beat: () => void
  /** Ends the stream of a reader, which is told why. */
  readonly dismiss: (reader: Reader, reason: string) => void
}

export interface ChannelRequest {
  readonly caller: Caller
  /** Names this channel, and no other one ever. */
  readonly epoch: string
  /** Told when a reader was too slow, and is no more. */
  readonly onDropped: () => void
}

/** How long a browser waits before it comes back, in milliseconds. */
const retryMs = 2000

export function createChannel({ caller, epoch, onDropped }: ChannelRequest): Channel {
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
    // An id without an event is kept all the same: who comes back before the first one misses nothing.
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

// A browser that comes back by itself sends the header, and the address that the page once made: the header is newer.
function findSeen(request: HttpRequest): string | undefined {
  return request.header('last-event-id') || request.query('last_event_id') || undefined
}
