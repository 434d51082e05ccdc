import { createOwnerLink, findOwnerServer } from '../../../src/security/owner-link.ts'
import type { TestHost } from '../test-host.ts'

interface Served {
  readonly home: string
  readonly host: TestHost
  readonly url: string
}

/** A new link to the page of a server, made as another process of the same user makes it. */
export async function mintLink({ home, host }: Omit<Served, 'url'>): Promise<string> {
  const server = await findOwnerServer(home, host)
  if (server === undefined) throw new Error('the server has no file')
  return createOwnerLink(server, host)
}

/** The token of a link. */
export function tokenOf(link: string): string {
  return link.split('#token=')[1] ?? ''
}

/** Posts a token as the page does. */
export function signIn(url: string, token: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  })
}

/** A new session of the owner. */
export async function openSession(served: Served): Promise<string> {
  const response = await signIn(served.url, tokenOf(await mintLink(served)))
  const { session } = JSON.parse(await response.text())
  return session
}
