import { createEventParser } from './parse-events.ts'
import { Refused } from './refused.ts'
import type { Server } from './server.ts'

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
