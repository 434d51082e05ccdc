import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toLoadedGraph } from '../../src/graph/load-graph.ts'
import { parseCondition } from '../../src/query/condition.ts'
import { listHome } from '../../src/query/list.ts'
import { queryByFlags } from '../../src/query/query.ts'
import { assess, explain, explainAll } from '../../src/readiness/explain.ts'
import type { Explanation } from '../../src/readiness/readiness.ts'
import { subRegistryNames } from '../../src/registry/schema/names.ts'
import { createRevision, evaluateView } from '../../src/server/revision.ts'
import { localProvider, neverUp, runtimeModel, upWith, wasUpWith } from '../support/homes/local-home.ts'
import { createPeerHome, provider, service } from '../support/homes/target-home.ts'
import { startHealthServer } from '../support/servers/health-server.ts'

const files = ['core.zsh', 'router.zsh', 'universal.py', 'acme.py', 'other.py']

interface Machine {
  /** Variables with a credential that are set. */
  readonly keys: readonly string[]
  /** Files of the platform; null without one. */
  readonly platform: readonly string[] | null
  readonly isUp: boolean
  readonly wasUp: boolean
  readonly isRetired: boolean
  /** Local runtimes, by what the last sync said of them. */
  readonly runtimes: readonly Runtime[]
}

interface Runtime {
  readonly state: 'up' | 'was up' | 'never up' | 'unknown' | 'not checked'
  readonly models: readonly string[]
}

// Models of the registry, with and without a tag, and ids that a shell, a page or a ref would misread.
const runtime: fc.Arbitrary<Runtime> = fc.record({
  state: fc.constantFrom('up', 'was up', 'never up', 'unknown', 'not checked'),
  models: fc.subarray([
    'own',
    'tagged:latest',
    'llama3.2:latest',
    'a/b:q4',
    "x'; $(id)",
    '__proto__',
    'models/large',
  ]),
})

const expected: Readonly<Record<Runtime['state'], (id: string) => string | undefined>> = {
  up: () => 'ready',
  'was up': () => 'not ready',
  unknown: () => 'unknown',
  // Only the registry knows of a model then.
  'never up': id => (id === 'own' ? 'not set up' : undefined),
  'not checked': id => (id === 'own' ? 'not set up' : undefined),
}

const detections = { up: upWith, 'was up': wasUpWith, 'never up': () => neverUp('nothing listens') } as const

function toLocalProvider({ state, models }: Runtime): object {
  if (state === 'not checked') return localProvider('ollama', 1)
  const known = models.map(id => runtimeModel(id))
  const detected =
    state === 'unknown' ? upWith(known, { status: state, reason: 'it hung' }) : detections[state](known)
  return localProvider('ollama', 1, detected, { models: [] })
}

const machine: fc.Arbitrary<Machine> = fc.record({
  keys: fc.subarray(['A_KEY', 'B_KEY', 'B_ADDRESS', 'CLOUD_PROFILE']),
  platform: fc.option(fc.subarray(files)),
  isUp: fc.boolean(),
  wasUp: fc.boolean(),
  isRetired: fc.boolean(),
  runtimes: fc.array(runtime, { maxLength: 2 }),
})

test('all views of a machine show the same readiness', async () => {
  const server = await startHealthServer('up')
  await fc.assert(
    fc.asyncProperty(machine, async each => {
      const views = await viewMachine(each, server.url)
      const [first, ...others] = Object.entries(views)
      for (const [name, statuses] of others) expect({ [name]: statuses }).toEqual({ [name]: first?.[1] })
    }),
    { numRuns: 15 },
  )
})

/** Writes runtimes as a sync leaves them, and two models of each into the registry. A sync would ask them. */
async function addRuntimes(
  { read, write }: Awaited<ReturnType<typeof createPeerHome>>,
  runtimes: readonly Runtime[],
): Promise<void> {
  const providers = runtimes.map((each, index) => [`run${index}`, toLocalProvider(each)] as const)
  const models = providers.flatMap(([id]) =>
    ['own', 'tagged'].map(name => [
      `${id}/${name}`,
      { provider: id, context_tokens: 8000, capabilities: [] },
    ]),
  )
  await write('providers', { ...JSON.parse(await read('providers')), ...Object.fromEntries(providers) })
  await write('models', { ...JSON.parse(await read('models')), ...Object.fromEntries(models) })
}

function expectRuntimes(runtimes: readonly Runtime[], statuses: ReadonlyMap<string, string>): void {
  for (const [index, { state, models }] of runtimes.entries())
    for (const id of models.filter(each => each !== 'tagged:latest'))
      expect([id, statuses.get(`models/run${index}/${id}`)]).toEqual([id, expected[state](id)])
}

async function viewMachine({ keys, platform, isUp, wasUp, isRetired, runtimes }: Machine, up: string) {
  const services = { one: service('http://127.0.0.1:1', { requires: ['acme_adapter'] }) }
  const providers = {
    acme: provider(up, { key_env: 'A_KEY', models: ['large', 'medium', 'small', 'embed'] }),
    other: provider(up, { key_env: ['B_KEY'], required_env: ['B_ADDRESS'], models: ['tiny'] }),
    cloud: provider(up, { key_env: 'C_KEY', general_env: ['CLOUD_PROFILE'] }),
  }
  const home = await createPeerHome({
    services,
    providers,
    env: Object.fromEntries(keys.map(name => [name, 'x'])),
  })
  const write = (url: string) => home.write('microservices', { one: { ...services.one, url } })
  if (wasUp) {
    await write(up)
    await home.sync()
    const { one } = await home.detected('microservices')
    await home.write('microservices', { one: { ...services.one, detected: one } })
  }
  if (isUp) {
    const { one } = await home.detected('microservices')
    await home.write('microservices', { one: { ...services.one, url: up, detected: one } })
  }
  if (isRetired) {
    const models = JSON.parse(await home.read('models'))
    await home.write('models', { ...models, large: { ...models.large, status: 'retired' } })
  }
  await home.sync()
  await addRuntimes(home, runtimes)
  const platformRoot = platform === null ? undefined : nodePath.join(home.home.directory, 'platform')
  if (platformRoot !== undefined) await mkdir(platformRoot)
  for (const file of platform ?? []) await writeFile(nodePath.join(`${platformRoot}`, file), '')
  const { directory } = home.home
  const files = await home.snapshot()
  const { graph, snapshot } = toLoadedGraph(files, home.host.clock.now())
  const request = { home: home.home, snapshot, graph, platformRoot }
  const refs = subRegistryNames.flatMap(name =>
    Object.keys(snapshot.registries[name].content ?? {}).map(id => `${name}/${id}`),
  )
  const all = await assess(request, home.host)
  const nodes = graph.nodes.filter(({ id }) => refs.includes(id))
  // One after the other: each probes this machine, and dozens at once keep it too busy for the deadline of the kernel's files.
  const explained: Explanation[] = []
  for (const node of nodes) explained.push((await explain(node, request, home.host)).explanation)
  const lists = await Promise.all(
    subRegistryNames.map(
      async registry => (await listHome({ directory, registry, platformRoot }, home.host)).data,
    ),
  )
  const place = { directory, platformRoot, host: home.host }
  const flags = { conditions: [], sortKeys: [], limit: undefined, selected: undefined }
  const { entries } = await queryByFlags('all', flags, place)
  const { entries: ready } = await queryByFlags(
    'all',
    { ...flags, conditions: [parseCondition('readiness = ready')] },
    place,
  )
  const view = createRevision(files).view({ kind: 'token', role: 'admin', tokenId: 't' })
  const served = await evaluateView(view, { home: home.home, host: home.host, platformRoot })
  const overview = await explainAll(request, home.host)
  const problems = new Set(overview.problems.flatMap(({ ref, blocks }) => [ref, ...blocks]))
  for (const { id } of nodes) {
    if (all.get(id) === 'ready') expect(problems.has(id)).toBe(false)
    const isGone = id === 'models/large' && isRetired
    if (all.get(id) === 'not ready' && !isGone) expect(problems.has(id)).toBe(true)
  }
  expectRuntimes(runtimes, all)
  const toRecord = (pairs: readonly (readonly [string, unknown])[]) => Object.fromEntries(pairs.toSorted())
  const byRef = (found: readonly object[]) =>
    toRecord(
      found.flatMap(entry => {
        const { id, registry, readiness } = { registry: '', readiness: undefined, id: '', ...entry }
        return readiness === undefined ? [] : [[`${registry}/${id}`, readiness] as const]
      }),
    )
  return {
    graph: toRecord(refs.map(ref => [ref, all.get(ref)])),
    explain: toRecord(explained.map(({ ref, status }) => [ref, status])),
    list: byRef(
      subRegistryNames.flatMap((registry, index) =>
        (lists[index] ?? []).map(entry => ({ ...Object(entry), registry })),
      ),
    ),
    query: byRef(entries),
    ready: {
      ...toRecord(refs.filter(ref => all.get(ref) !== 'ready').map(ref => [ref, all.get(ref)])),
      ...byRef(ready),
    },
    api: toRecord(refs.map(ref => [ref, served.statuses.get(ref)])),
  }
}
