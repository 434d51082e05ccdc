import { limits } from '../../lib/limits.ts'
import type { RegistryName } from '../../registry/schema/names.ts'

/** An event as it is sent, without its id. */
export interface RenderedEvent {
  /** Callers that may not read this registry do not receive the event; undefined when it is about none. */
  readonly registry: RegistryName | undefined
  readonly body: string
}

/** The last events, for readers who come back. */
interface EventRing {
  /** Keeps an event, and answers with its text as it is sent. */
  readonly add: (event: RenderedEvent) => string
  /** The id of the newest event, or where the first one will follow. */
  readonly newestId: () => string
  /**
   * Texts of all events after the one with this id, which pass; undefined when it is not known, or what followed it is
   * not known any more.
   */
  readonly after: (id: string, passes: (event: RenderedEvent) => boolean) => readonly string[] | undefined
}

/** Keeps the last events. The epoch tells this ring from every other one that there has been. */
export function createEventRing(epoch: string): EventRing {
  const kept: RenderedEvent[] = []
  let [newest, characters] = [0, 0]
  const toText = ({ body }: RenderedEvent, number: number) => `id: ${epoch}-${number}\n${body}`
  const evictOldestEvents = () => {
    while (kept.length > limits.keptEvents || characters > limits.keptEventCharacters)
      characters -= kept.shift()?.body.length ?? 0
  }
  return {
    add: event => {
      kept.push(event)
      newest += 1
      characters += event.body.length
      evictOldestEvents()
      return toText(event, newest)
    },
    newestId: () => `${epoch}-${newest}`,
    after: (id, passes) => {
      const oldest = newest - kept.length + 1
      const known = parseNumber(id, epoch)
      if (known === undefined || known > newest || known < oldest - 1) return undefined
      return kept.flatMap((event, index) => {
        const number = oldest + index
        return number > known && passes(event) ? [toText(event, number)] : []
      })
    },
  }
}

function parseNumber(id: string, epoch: string): number | undefined {
  const digits = id.startsWith(`${epoch}-`) ? id.slice(epoch.length + 1) : ''
  return /^(?:0|[1-9]\d{0,14})$/.test(digits) ? Number(digits) : undefined
}

/** An event in the form of server-sent events, without its id. JSON has no line breaks of its own. */
export function renderEvent(name: EventName, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

/** All events of a stream. */
type EventName = 'change' | 'freshness' | 'access' | 'reset' | 'goodbye' | 'readings'
