/** What the sign-in with a link uses of the browser. */
export interface LinkBrowser {
  readonly location: Readonly<Record<'hash' | 'origin' | 'pathname' | 'search', string>>
  readonly history: { readonly replaceState: (state: null, unused: string, url: string) => void }
  readonly fetch: typeof globalThis.fetch
}

/** The session that a link was traded for, or a sentence why it was not. */
export type LinkResult = { readonly session: string } | { readonly reason: string }

const marker = '#token='
/** Time for a response, in milliseconds. */
const responseMs = 20_000
/** Longest text of a server that is shown, in characters. */
const longestText = 300

/**
 * Trades the token in the address of the page for a session. Undefined when the address has none. Removes the token from the
 * address first, so that it is in no history, bookmark or copied address. Never rejects.
 */
export function takeOwnerLink({ location, history, fetch }: LinkBrowser): Promise<LinkResult> | undefined {
  const { hash, origin, pathname, search } = location
  if (!hash.startsWith(marker)) return undefined
  history.replaceState(null, '', `${pathname}${search}`)
  return requestSession(new URL('/session', origin), hash.slice(marker.length), fetch)
}

async function requestSession(url: URL, token: string, fetch: LinkBrowser['fetch']): Promise<LinkResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
      ...alone,
      signal: AbortSignal.timeout(responseMs),
    })
    const document: unknown = await response.json().catch(() => undefined)
    const session = textOf(document, 'session')
    if (response.status === 201 && session !== undefined) return { session }
    const said = [textOf(document, 'detail'), textOf(document, 'hint')].filter(text => text !== undefined)
    return {
      reason: `You are not signed in: ${said.join('; ') || `the server responds with ${response.status}`}`,
    }
  } catch {
    return { reason: 'You are not signed in: the server cannot be reached' }
  }
}

/** Whether a token is a session of the owner. Those begin with their own letters. */
export function isOwnerSession(token: string): boolean {
  return token.startsWith('nxs_')
}

/** Ends a session at the server. Other tokens, which have an end of their own, stay valid. Never rejects. */
export async function endOwnerSession(
  token: string,
  { location, fetch }: Pick<LinkBrowser, 'location' | 'fetch'>,
): Promise<void> {
  if (!isOwnerSession(token)) return
  const headers = { authorization: `Bearer ${token}` }
  await fetch(new URL('/session', location.origin), { method: 'DELETE', headers, ...alone }).catch(
    () => undefined,
  )
}

/** Nothing but the request itself is sent, and no cache keeps the response. */
const alone = {
  cache: 'no-store',
  credentials: 'omit',
  redirect: 'error',
  referrerPolicy: 'no-referrer',
} as const

function textOf(document: unknown, key: string): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  const value: unknown = Reflect.get(document, key)
  return typeof value === 'string' && value !== '' ? value.slice(0, longestText) : undefined
}
