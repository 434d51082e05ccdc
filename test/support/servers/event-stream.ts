import http from 'node:http'
import { onTestFinished } from 'vitest'

export interface ReadEvent {
  readonly id: string
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface EventStream {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  /** All that came, word for word. */
  readonly text: () => string
  readonly events: readonly ReadEvent[]
  /** The last id that was told, with an event or without. */
  readonly lastId: () => string
  /** The next event of this name that was not asked for yet. Rejects when the stream ends without one. */
  readonly next: (name: string) => Promise<ReadEvent>
  /** Settles when there is nothing more to come. */
  readonly ended: Promise<void>
  readonly close: () => void
}

/** Opens a stream of events, and reads it as the standard for server-sent events says. */
export async function openEventStream(
  url: string,
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const request = http.get(url, { headers, agent: false })
  onTestFinished(() => void request.destroy())
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
  })
  return readEvents(response, () => request.destroy())
}

function readEvents(response: http.IncomingMessage, close: () => void): EventStream {
  const events: ReadEvent[] = []
  let [text, rest, id, asked, isOver] = ['', '', '', 0, false]
  let wake = (): void => undefined
  const take = (block: string) => {
    const fields = new Map(block.split('\n').map(toField))
    id = fields.get('id') ?? id
    const data = fields.get('data')
    if (data !== undefined)
      events.push({ id, event: fields.get('event') ?? 'message', data: JSON.parse(data) })
  }
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    blocks.forEach(take)
    wake()
  })
  const ended = new Promise<void>(resolve => {
    // A connection that is cut ends with an error first.
    response.on('error', () => undefined)
    response.on('close', () => {
      isOver = true
      wake()
      resolve()
    })
  })
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    events,
    lastId: () => id,
    next: async name => {
      for (;;) {
        for (let event = events[asked]; event; event = events[asked]) {
          asked += 1
          if (event.event === name) return event
        }
        if (isOver) throw new Error(`it ended without "${name}": ${text}`)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
    ended,
    close,
  }
}

function toField(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')]
}
