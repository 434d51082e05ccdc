import { createEventParser, type ServerEvent } from './parse-events.ts'

/** What the page asks its server. */
export interface Server {
  /** A document in JSON. Rejects with a `Refused` where the server says no. */
  readonly load: (path: string) => Promise<unknown>
  readonly loadText: (path: string) => Promise<string>
  /** Hears events until the stream ends. Rejects when it cannot be opened, and when it breaks. */
  readonly listen: (request: ListenRequest) => Promise<void>
}

export interface ListenRequest {
  /** Id of the last event that was heard; empty for none. */
  readonly lastId: string
  readonly signal: AbortSignal
  readonly onOpen: () => void
  /** Told of every sign of life. */
  readonly onHeard: () => void
  readonly onEvent: (event: ServerEvent) => void
}

/** The server says no. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Time for an answer, in milliseconds. */
const answerMs = 20_000

/** Asks the server that the page came from, as whoever the token belongs to. */
export function createServer(
  base: string,
  findToken: () => string | undefined,
  fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis),
): Server {
  const ask = async (path: string, headers: Record<string, string>, signal: AbortSignal) => {
    const token = findToken()
    const answer = await fetch(new URL(path, base), {
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal,
    })
    if (!answer.ok) throw new Refused(answer.status, await explainRefusal(answer))
    return answer
  }
  return {
    load: async path =>
      (await ask(path, { accept: 'application/json' }, AbortSignal.timeout(answerMs))).json(),
    loadText: async path => (await ask(path, {}, AbortSignal.timeout(answerMs))).text(),
    listen: async ({ lastId, signal, onOpen, onHeard, onEvent }) => {
      const headers = { accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) }
      const { body } = await ask('/events', headers, signal)
      onOpen()
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
      const parse = createEventParser()
      for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
        onHeard()
        for (const event of parse(piece.value)) onEvent(event)
      }
    },
  }
}

async function explainRefusal(answer: Response): Promise<string> {
  const problem: unknown = await answer.json().catch(() => undefined)
  const detail = typeof problem === 'object' && problem !== null && 'detail' in problem ? problem.detail : ''
  return typeof detail === 'string' && detail !== '' ? detail : `the server answers with ${answer.status}`
}
