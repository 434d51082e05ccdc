import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Role } from '../../src/registry/schema/access.ts'
import {
  isSubRegistry,
  type RegistryName,
  registryFiles,
  registryNames,
} from '../../src/registry/schema/names.ts'
import { writeRoles } from '../../src/registry/schema/roles.ts'
import { createSyncState, saveSyncState } from '../../src/registry/sync-state.ts'
import { routes } from '../../src/server/routes/index.ts'
import { type Answer, type ExactHome, serveExactHome } from '../support/homes/exact-home.ts'
import { markOf, plainTexts, withSecrets } from './support/secret-home.ts'

/** What the public may not read, of the specification's section 6. */
const forbidden = ['hyper', 'microservices', 'adapters'] as const

test('nothing of a forbidden registry is in any answer for the public, nor does any answer depend on it', async () => {
  const plain = await serveExactHome({ texts: plainTexts() })
  const secret = await serveExactHome({ texts: withSecrets(plainTexts(), forbidden) })
  const answers = await askAll(secret)
  expect(listLeaks(answers, forbidden)).toEqual([])
  expect(listDifferences(answers, await askAll(plain))).toEqual([])
})

test.each(registryNames.filter(name => !forbidden.some(each => each === name)))(
  'where access_control forbids %s, nothing of it is told either',
  async registry => {
    const access = { [registryFiles[registry].replace('.json', '')]: 'auth_read' }
    const hidden = ['hyper', registry] as const
    const plain = await serveExactHome({ texts: plainTexts(access) })
    const secret = await serveExactHome({ texts: withSecrets(plainTexts(access), hidden) })
    const answers = await askAll(secret, { isBrief: true })
    expect(answers.get(`GET /registries/${registry}`)?.status).toBe(401)
    expect(listLeaks(answers, hidden)).toEqual([])
    expect(listDifferences(answers, await askAll(plain, { isBrief: true }))).toEqual([])
  },
)

test('role by role, nothing of what it may not read is told', async () => {
  const served = await serveExactHome({ texts: withSecrets(plainTexts(), forbidden) })
  const found: string[] = []
  for (const role of rolesBelowAdmin) {
    const answers = await askAll(served, { role, isBrief: true })
    found.push(...listLeaks(answers, ['hyper']).map(leak => `${role}: ${leak}`))
    // Or else the test looks in the wrong places.
    expect(listLeaks(answers, ['microservices', 'adapters'])).not.toEqual([])
  }
  expect(found).toEqual([])
  expect(listLeaks(await askAll(served, { role: 'admin', isBrief: true }), ['hyper'])).not.toEqual([])
})

test('errors of a forbidden registry that is broken tell nothing of it', async () => {
  const texts = plainTexts()
  const broken = { ...texts, adapters: `{ "${markOf('adapters')}": ${markOf('adapters')} }` }
  const served = await serveExactHome({ texts: broken })
  expect(listLeaks(await askAll(served, { isBrief: true }), ['adapters'])).toEqual([])
})

test('why an upstream failed tells nobody below admin where it is, nor anybody where files lie', async () => {
  const url = `https://${markOf('hyper')}.example/tools`
  const texts = plainTexts()
  const hyper = texts.hyper.replace('"./tool_registry.json",', `"./tool_registry.json", "url": "${url}",`)
  const served = await serveExactHome({ texts: { ...texts, hyper } })
  const failed = {
    ...createSyncState(new Date().toISOString()),
    url,
    error: `${url} does not respond: getaddrinfo ENOTFOUND ${markOf('hyper')}.example`,
  }
  await saveSyncState(served.home, 'tools', failed, served.host)
  const unwritten = `${served.host.directory}/state/x.json cannot be written: EACCES, open '${served.home}/tool_registry.json'`
  const local = { ...failed, url: null, error: unwritten }
  await saveSyncState(served.home, 'ml_frameworks', local, served.host)
  const isRead = async () => (await served.ask('/health/registry/ml_frameworks')).text.includes('x.json')
  await expect.poll(isRead).toBe(true)
  const answers = await askHealth(served)
  expect(listLeaks(answers, ['hyper'])).toEqual([])
  const told = [...answers.values()].map(({ text }) => text).join('')
  expect(told).not.toContain(served.host.directory)
  expect(told).toContain("x.json cannot be written: EACCES, open 'tool_registry.json'")
})

async function askHealth(served: ExactHome): Promise<Answers> {
  const authorization = `Bearer ${await served.token('tool-detection')}`
  const ask = async (path: string, headers = {}): Promise<[string, Answer]> => [
    `${path} ${Object.keys(headers)}`,
    await served.ask(path, { headers }),
  ]
  const paths = ['/health', '/health/registry/tools', '/health/registry/ml_frameworks']
  return new Map(await Promise.all(paths.flatMap(path => [ask(path), ask(path, { authorization })])))
}

const rolesBelowAdmin: readonly Role[] = writeRoles

type Answers = ReadonlyMap<string, Answer>

interface AskOptions {
  readonly role?: Role
  /** Without most of what is answered in another thread, from the same view as all else. */
  readonly isBrief?: boolean
}

async function askAll(served: ExactHome, { role, isBrief = false }: AskOptions = {}): Promise<Answers> {
  const authorization = role && `Bearer ${await served.token(role)}`
  const base = authorization ? { authorization } : {}
  const answers = new Map<string, Answer>()
  for (const { method, path, headers = {} } of listQuestions()) {
    if (isBrief && /^\/query\/(?!all)|^\/query\/all\?filter=(?!\.$)|\.svg$/.test(path)) continue
    answers.set(`${method} ${path}`, await served.ask(path, { method, headers: { ...base, ...headers } }))
  }
  return answers
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Every route for every registry and some of its entries, whether they may be asked or not; and what is wrong. */
function listQuestions(): Asked[] {
  const get = (path: string): Asked => ({ method: 'GET', path })
  const patterns = [...new Set(routes.filter(({ method }) => method === 'GET').map(({ path }) => path))]
  const writes = routes.filter(({ method }) => method !== 'GET')
  const json = { 'content-type': 'application/json' }
  return [
    ...patterns.flatMap(pattern => toPaths(pattern).map(get)),
    ...writes.flatMap(({ method, path }) =>
      toPaths(path).map(each => ({ method, path: each, headers: json })),
    ),
    ...filters.map(filter => get(`/query/all?filter=${encodeURIComponent(filter)}`)),
    ...['/', '/nothing', '/registries', '/registries/', '/explain/tools', '/%2e%2e/hyper', '/graph.png'].map(
      get,
    ),
    { method: 'POST', path: '/registries/hyper' },
    { method: 'OPTIONS', path: '/registries/hyper' },
    { method: 'HEAD', path: '/registries/adapters' },
    { method: 'GET', path: '/registries/hyper', headers: { 'if-none-match': '*' } },
    { method: 'GET', path: '/registries/adapters', headers: { 'if-none-match': '*' } },
  ]
}

/** Filters that reach for all there is, and whose errors quote what they failed at. */
const filters = [
  '.',
  '[.. | strings]',
  '[paths]',
  '[.. | objects | keys]',
  '$ENV',
  'env',
  'input',
  '[inputs]',
  '$__prog_args',
  'input_filename',
  'error',
  '.hyper | error',
  'debug',
  'import "x" as x; .',
  'include "hyper_registry"; .',
  'get_search_list',
  '.[] | tonumber',
]

function toPaths(pattern: string): string[] {
  const registry = /:registry|(?<=^\/query\/):name/
  const paths = registry.test(pattern)
    ? registryNames.map(name => ({ name, path: pattern.replace(registry, name) }))
    : [{ name: 'providers', path: pattern } as const]
  return paths.flatMap(({ name, path }) =>
    /:\w+/.test(path) ? listIds(name).map(id => path.replace(/:\w+/, encodeURIComponent(id))) : [path],
  )
}

/** The first entries, of which secrets replace the very first one; and one that there is not. */
function listIds(registry: RegistryName): string[] {
  const content: Record<string, unknown> = JSON.parse(
    readFileSync(`registries/${registryFiles[registry]}`, 'utf8'),
  )
  const ids = isSubRegistry(registry) ? Object.keys(content).filter(id => id !== '$schema') : []
  return [...ids.slice(0, 6), ...['router', 'nexus_llm_router'], 'nothing']
}

function listLeaks(answers: Answers, hidden: readonly RegistryName[]): string[] {
  const marks = hidden.map(markOf)
  return [...answers].flatMap(([question, { headers, text }]) => {
    const told = `${JSON.stringify(headers)}\n${text}`.toLowerCase()
    return marks.filter(mark => told.includes(mark)).map(mark => `${question}: ${excerpt(told, mark)}`)
  })
}

function excerpt(text: string, mark: string): string {
  const at = text.indexOf(mark)
  return text.slice(Math.max(0, at - 60), at + 40)
}

/** Answers that are others in another home: numbers of the process itself and moments may be. */
function listDifferences(left: Answers, right: Answers): string[] {
  return [...left].flatMap(([question, answer]) => {
    if (/^GET \/(metrics|events)/.test(question)) return []
    const [one, other] = [toComparable(answer), toComparable(right.get(question))]
    return one === other ? [] : [`${question}\n${one.slice(0, 500)}\n${other.slice(0, 500)}`]
  })
}

function toComparable(answer: Answer | undefined): string {
  if (answer === undefined) return ''
  const { date: _, ...headers } = answer.headers
  const text = answer.text.replaceAll(ownAddress, 'http://here')
  // What names the server itself is as long as its port, and has a tag of its own.
  const { etag: _etag, 'content-length': _length, ...rest } = headers
  return JSON.stringify({
    status: answer.status,
    headers: text === answer.text ? headers : rest,
    text: text.replace(ownMoment, ''),
  })
}

const ownMoment = /"(?:generated|read)_at": ?"[^"]*"/g

const ownAddress = /http:\/\/127\.0\.0\.1:\d+(?![\d/]*\/v\d)/g
