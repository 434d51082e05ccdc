import { rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import type { RouteMethod } from '../../src/platform/http.ts'
import { routes } from '../../src/server/routes/index.ts'
import { type Answer, type ExactHome, serveExactHome } from '../support/homes/exact-home.ts'
import { openSession } from '../support/servers/owner-link.ts'
import { addressSeries } from './support/address-series.ts'

/** The specification's section 6, by hand: whoever changes the program's own table has to change this one as well. */
const section6 = {
  dashboard: { read: 'public', write: 'dashboard-service' },
  providers: { read: 'public', write: 'adapter' },
  tools: { read: 'public', write: 'tool-detection' },
  models: { read: 'public', write: 'update-service' },
  plugins: { read: 'public', write: 'plugin-loader' },
  microservices: { read: 'auth', write: 'service-registry' },
  adapters: { read: 'auth', write: 'adapter-deploy' },
  // The specification has no row for it. It is looked for as tools are.
  ml_frameworks: { read: 'public', write: 'tool-detection' },
  hyper: { read: 'admin', write: 'orchestrator' },
} as const

type Table = Readonly<Record<string, { readonly read: string; readonly write: string }>>

/** A home in which nothing is allowed. */
const closed: Table = Object.fromEntries(
  Object.keys(section6).map(name => [name, { read: 'admin', write: 'admin' }]),
)

const roles = [
  'dashboard-service',
  'adapter',
  'tool-detection',
  'update-service',
  'plugin-loader',
  'service-registry',
  'adapter-deploy',
  'orchestrator',
  'admin',
] as const

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

type Method = (typeof methods)[number]

interface Walker {
  readonly name: string
  readonly kind: 'anonymous' | 'invalid' | 'role' | 'owner'
  readonly headers: Readonly<Record<string, string>>
}

interface Cell {
  readonly method: Method
  readonly path: string
  /** Methods that there are at this path. */
  readonly known: readonly RouteMethod[]
  readonly registry: string | undefined
}

/** What has to come of a cell: a status, or any that is said by who was let in. */
type Expected = 401 | 403 | 405 | 'let in'

test('every route × method × caller × registry answers as section 6 has it', async () => {
  const served = await serveExactHome()
  expect(await walk(served, section6)).toEqual([])
})

test('a registry that access_control does not list is for admin alone', async () => {
  const served = await serveExactHome()
  await editHyper(served, hyper => ({ ...hyper, access_control: {} }))
  expect(await walk(served, closed)).toEqual([])
})

test.each([
  ['access_control is of no known form', { access_control: 'public' }],
  ['there is no access_control', { access_control: undefined }],
  ['every row is broken', { access_control: { tools: 'everybody', hyper: { read: 'public' } } }],
])('where %s, only admin is let in', async (_, change) => {
  const served = await serveExactHome()
  await editHyper(served, hyper => ({ ...hyper, ...change }))
  expect(await walkReads(served)).toEqual([])
})

test('where the hyper registry is broken from the start, only admin is let in', async () => {
  const served = await serveExactHome()
  await writeFile(nodePath.join(served.home, 'hyper_registry.json'), '{ "access_control": {')
  expect(await walkReads(served)).toEqual([])
})

test('where the hyper registry is gone, only admin is let in', async () => {
  const served = await serveExactHome()
  await rm(nodePath.join(served.home, 'hyper_registry.json'))
  expect(await walkReads(served)).toEqual([])
})

test('a broken row closes its registry, and no other', async () => {
  const served = await serveExactHome()
  await editHyper(served, ({ access_control, ...rest }) => ({
    ...rest,
    access_control: { ...Object(access_control), tool_registry: { read: 'public', write: 'nobody' } },
  }))
  await settle(served, '/registries/tools', 401)
  expect((await served.ask('/registries/models')).status).toBe(200)
})

test('what a token does not hold for is told apart: missing 401, of another role 403, gone 401 again', async () => {
  const served = await serveExactHome()
  const [admin, adapter] = [await served.token('admin'), await served.token('adapter')]
  const statusOf = async (token: string) => {
    const answer = await served.ask('/registries/hyper', { headers: { authorization: `Bearer ${token}` } })
    return [answer.status, answer.headers['www-authenticate'] ?? null]
  }
  expect([await statusOf(admin), await statusOf(adapter), await statusOf('nxr_no')]).toEqual([
    [200, null],
    [403, null],
    [401, 'Bearer realm="nexus-registry", error="invalid_token"'],
  ])
})

async function walk(served: ExactHome, table: Table, cells = listCells()): Promise<string[]> {
  const walkers = await createWalkers(served)
  const from = addressSeries()
  const wrong: string[] = []
  for (const walker of walkers) {
    await mapSome(cells, async cell => {
      const { method, path } = cell
      // It would end the session of the walk.
      if (walker.kind === 'owner' && method === 'DELETE' && path === '/session') return
      const headers = { ...walker.headers, ...headersOf(method) }
      const body = method === 'PUT' || method === 'PATCH' ? '{}' : undefined
      const answer = await served.ask(path, { method, headers, from: from(), ...(body && { body }) })
      const expected = expect1(cell, walker, table)
      const found = judge(answer, expected)
      if (found) wrong.push(`${walker.name}: ${method} ${path.slice(0, 80)}: ${found}, and not ${expected}`)
    })
  }
  return wrong
}

/** Reads of registries alone, of a home that has lost its table: but for admin nobody is let in. */
async function walkReads(served: ExactHome): Promise<string[]> {
  await settle(served, '/registries/tools', 401)
  return walk(
    served,
    closed,
    listCells().filter(({ method, registry }) => method === 'GET' && registry !== undefined),
  )
}

function expect1({ method, known, registry }: Cell, { kind, headers }: Walker, table: Table): Expected {
  const asked = method === 'HEAD' ? 'GET' : method
  if (!known.some(each => each === asked)) return 405
  if (kind === 'invalid') return 401
  if (registry === undefined) return 'let in'
  const { read, write } = table[registry] ?? { read: 'admin', write: 'admin' }
  if (kind === 'owner') return asked === 'GET' ? 'let in' : 403
  const role = headers['x-role'] ?? 'anonymous'
  if (asked === 'GET' && read === 'public') return 'let in'
  if (kind === 'anonymous') return 401
  const isLetIn = role === 'admin' || (asked === 'GET' ? read === 'auth' : role === write)
  return isLetIn ? 'let in' : 403
}

/** What is wrong with an answer; undefined when it is as expected. */
function judge({ status, headers, text }: Answer, expected: Expected): string | undefined {
  const isChallenged = headers['www-authenticate']?.startsWith('Bearer ') === true
  if (isChallenged !== (status === 401))
    return `${status} with www-authenticate ${headers['www-authenticate']}`
  if (headers['content-security-policy'] === undefined) return `${status} without security headers`
  if (expected === 405 && (headers.allow === undefined || status !== 405))
    return `${status}, ${headers.allow}`
  if (expected !== 'let in') return status === expected ? undefined : `${status}: ${text}`
  return [401, 403, 405].includes(status) || status >= 504 || status === 500
    ? `${status}: ${text}`
    : undefined
}

// What is written would change the table under the walk: no cell has a precondition that holds.
function headersOf(method: Method): Record<string, string> {
  const isWrite = method === 'PUT' || method === 'PATCH' || method === 'DELETE'
  return isWrite ? { 'content-type': 'application/json', 'if-match': '"of-nothing"' } : {}
}

async function createWalkers(served: ExactHome): Promise<Walker[]> {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const expired = await served.token('admin', Date.now() - 1)
  const byRole = roles.map(async (role): Promise<Walker> => {
    const headers = { ...bearer(await served.token(role)), 'x-role': role }
    return { name: role, kind: 'role', headers }
  })
  return [
    { name: 'anonymous', kind: 'anonymous', headers: {} },
    { name: 'an unknown token', kind: 'invalid', headers: bearer(`nxr_${'a'.repeat(43)}`) },
    { name: 'an expired token', kind: 'invalid', headers: bearer(expired) },
    { name: 'the owner', kind: 'owner', headers: bearer(await openSession(served)) },
    { name: 'an unknown session', kind: 'invalid', headers: bearer(`nxs_${'a'.repeat(43)}`) },
    ...(await Promise.all(byRole)),
  ]
}

function listCells(): Cell[] {
  const paths = [...new Set(routes.map(({ path }) => path))]
  return paths.flatMap(pattern => {
    const known = routes.filter(({ path }) => path === pattern).map(({ method }) => method)
    return toPaths(pattern).flatMap(({ path, registry }) =>
      methods.map(method => ({ method, path, known, registry })),
    )
  })
}

// Refused when it has been let in, and before a thread is started for it.
const tooLong = `?filter=${'.'.repeat(5000)}`

/** The paths of a pattern, one for each registry where it names one. */
function toPaths(pattern: string): { readonly path: string; readonly registry: string | undefined }[] {
  const isOfRegistry = /:registry\b|^\/query\/:/.test(pattern)
  // A route that says of one registry what it says needs a right to that one.
  const implied = pattern === '/health/:provider' ? 'providers' : undefined
  const fill = (registry: string) =>
    pattern
      .replace(':registry', registry)
      .replace('/query/:name', `/query/${registry}${tooLong}`)
      .replace(':provider', 'openai')
      .replace(/:\w+/, 'an-id')
  if (!isOfRegistry) return [{ path: fill(''), registry: implied }]
  return Object.keys(section6).map(registry => ({ path: fill(registry), registry }))
}

/** Waits until an edit of the home is served. */
async function settle(served: ExactHome, path: string, status: number): Promise<void> {
  await expect.poll(async () => (await served.ask(path)).status).toBe(status)
}

type Document = Readonly<Record<string, unknown>>

async function editHyper(served: ExactHome, edit: (hyper: Document) => Document): Promise<void> {
  const file = nodePath.join(served.home, 'hyper_registry.json')
  const text = await served.host.fs.readText(file)
  await writeFile(file, JSON.stringify(edit(JSON.parse(text ?? ''))))
  await settle(served, '/registries/tools', 401)
}

async function mapSome<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const work = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await act(item)
  }
  await Promise.all(Array.from({ length: 8 }, work))
}
