import { createEventParser, Refused, type Server } from './server.ts'

/** Time for an answer, in milliseconds. */
const responseMs = 20_000

/** Sends requests to the server that the page came from, with the token of the reader. */
export function createDashboardServer(
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
      (await ask(path, { accept: 'application/json' }, AbortSignal.timeout(responseMs))).json(),
    loadText: async path => (await ask(path, {}, AbortSignal.timeout(responseMs))).text(),
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
  return typeof detail === 'string' && detail !== '' ? detail : `the server responds with ${answer.status}`
}

const key = 'nexus-registry-token'

/** The reader's token, until the tab is closed. */
export interface TokenStore {
  readonly find: () => string | undefined
  readonly keep: (token: string) => void
  readonly forget: () => void
}

/** Keeps the token in the session of the tab. Where the browser keeps nothing, it holds until the page is loaded anew. */
export function createTokenStore(storage: Storage | undefined): TokenStore {
  let token = read(storage)
  return {
    find: () => token,
    keep: given => {
      token = given
      attempt(() => storage?.setItem(key, given))
    },
    forget: () => {
      token = undefined
      attempt(() => storage?.removeItem(key))
    },
  }
}

function read(storage: Storage | undefined): string | undefined {
  return attempt(() => storage?.getItem(key)) ?? undefined
}

// A browser may forbid it, or have no room: then memory has to do.
function attempt<Value>(act: () => Value): Value | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
