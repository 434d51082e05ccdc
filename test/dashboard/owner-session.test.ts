import { describe, expect, test } from 'vitest'
import {
  endOwnerSession,
  type LinkBrowser,
  takeOwnerLink,
} from '../../src/dashboard/web/live/owner-session.ts'

/** A browser that notes what happens in it, in order. */
function createBrowser(hash: string, respond: () => Response | Promise<Response> = () => Response.error()) {
  const done: string[] = []
  const location = { hash, origin: 'http://127.0.0.1:4780', pathname: '/', search: '?a=1' }
  const browser: LinkBrowser = {
    location,
    history: { replaceState: (_, __, url) => done.push(`address ${url}`) },
    fetch: async (url, init) => {
      done.push(`${init?.method} ${url} ${init?.body ?? JSON.stringify(init?.headers)}`)
      return respond()
    },
  }
  return { browser, done }
}

const problem = (status: number, body: unknown) => () =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })

describe('the link in the address of the page', () => {
  test('is removed from the address before anything is sent', async () => {
    const session = `nxs_${'a'.repeat(43)}`
    const { browser, done } = createBrowser('#token=1.b.c', problem(201, { session, expires_at: '' }))
    expect(await takeOwnerLink(browser)).toEqual({ session })
    expect(done).toEqual(['address /?a=1', 'POST http://127.0.0.1:4780/session {"token":"1.b.c"}'])
  })

  test.each(['', '#', '#other', '#tokens=1', '#a&token=1'])('is not there in %j', hash => {
    const { browser, done } = createBrowser(hash)
    expect(takeOwnerLink(browser)).toBeUndefined()
    expect(done).toEqual([])
  })

  const notSignedIn = 'You are not signed in: '

  test.each([
    [
      'was used',
      problem(401, { detail: 'this link was used before', hint: 'print a new link' }),
      'this link was used before; print a new link',
    ],
    ['is refused without words', problem(502, 'Bad Gateway'), 'the server responds with 502'],
    ['brings no session', problem(201, { session: 1 }), 'the server responds with 201'],
    ['is refused in many words', problem(401, { detail: 'x'.repeat(1000) }), 'x'.repeat(300)],
    [
      'finds no server',
      () => Promise.reject(new TypeError('Failed to fetch')),
      'the server cannot be reached',
    ],
  ])('that %s is removed, and the page says why', async (_, respond, reason) => {
    const { browser, done } = createBrowser('#token=1.b.c', respond)
    expect(await takeOwnerLink(browser)).toEqual({ reason: `${notSignedIn}${reason}` })
    expect(done[0]).toBe('address /?a=1')
  })
})

test.each([
  ['a session', 'nxs_a', ['DELETE http://127.0.0.1:4780/session {"authorization":"Bearer nxs_a"}']],
  ['a token stays valid', 'nxr_a', []],
])('signing out ends %s', async (_, token, expected) => {
  const { browser, done } = createBrowser('', () => Promise.reject(new TypeError('Failed to fetch')))
  await endOwnerSession(token, browser)
  expect(done).toEqual(expected)
})
