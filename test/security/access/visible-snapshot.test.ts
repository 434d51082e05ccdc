import { beforeAll, describe, expect, test } from 'vitest'
import { toExportResult } from '../../../src/env/exports.ts'
import { json } from '../../../src/env/shells/json.ts'
import { sh } from '../../../src/env/shells/sh.ts'
import { graphFormats } from '../../../src/graph/formats/index.ts'
import { isOnlyNamed } from '../../../src/graph/graph.ts'
import { findNode, type LoadedGraph, toLoadedGraph } from '../../../src/graph/load-graph.ts'
import { planView } from '../../../src/graph/plan-view.ts'
import { NexusError } from '../../../src/lib/errors.ts'
import { createStyle } from '../../../src/lib/terminal/style.ts'
import type { Host } from '../../../src/platform/host.ts'
import { createHost } from '../../../src/platform/node/create-host.ts'
import { toSnapshotInput } from '../../../src/query/jq-call.ts'
import { listRegistries } from '../../../src/query/list.ts'
import { queryEntries } from '../../../src/query/query-entries.ts'
import { evaluateSnapshot, reachNeeds } from '../../../src/readiness/evaluate-snapshot.ts'
import { explain } from '../../../src/readiness/explain.ts'
import { gatherFacts } from '../../../src/readiness/facts.ts'
import type { Explanation } from '../../../src/readiness/readiness.ts'
import { findIncompatible } from '../../../src/registry/components/compatibility.ts'
import { loadSnapshot } from '../../../src/registry/load/load-snapshot.ts'
import { type RegistryName, registryNames, subRegistryNames } from '../../../src/registry/schema/names.ts'
import type { Snapshot } from '../../../src/registry/snapshot.ts'
import { createSyncState } from '../../../src/registry/sync-state.ts'
import { toVisibleSnapshot } from '../../../src/security/access.ts'
import { saveGrant } from '../../../src/security/trust.ts'
import { toHomeStatus } from '../../../src/sync/status.ts'
import { createMarkedTexts, listMarks } from '../../support/homes/marked-registries.ts'
import { soundDay, writeHome } from '../../support/homes/valid-home.ts'
import { writeScript } from '../../support/processes/script.ts'
import { lastingDirectory } from '../../support/test-host.ts'

const texts = createMarkedTexts()
const now = Date.parse(soundDay)
const world: { whole?: Snapshot; host?: Host; platformRoot?: string } = {}
const graphOptions = {
  style: await createStyle({ stream: { isTerminal: false }, env: {}, color: false }),
  width: undefined,
}

/** Every choice of registries to hide. */
const choices = Array.from({ length: 2 ** registryNames.length }, (_, choice) =>
  registryNames.filter((_, place) => (choice & (1 << place)) !== 0),
)

beforeAll(async () => {
  const directory = await lastingDirectory()
  const [home, bin] = [`${directory}/home`, `${directory}/bin`]
  const real = createHost({ interrupted: new AbortController().signal })
  await real.fs.makeDirectory(home)
  await writeHome(home, texts)
  const [program = ''] = /(?<="which )[^"]+/.exec(texts.tools) ?? []
  await writeScript(`${bin}/${program}`, 'echo version 28.1')
  world.platformRoot = `${directory}/platform`
  const files = [texts.plugins, texts.adapters].flatMap(text =>
    Object.values<{ path: string }>(JSON.parse(text)),
  )
  for (const { path } of files) await writeScript(`${world.platformRoot}/${path}`, '')
  world.host = {
    ...real,
    env: { HOME: directory, PATH: bin, ACME_KEY: 'secret' },
    userHome: directory,
    clock: { ...real.clock, now: () => now },
    sendRequest: async ({ url }) => {
      return {
        outcome: 'answered',
        status: url.endsWith('/down') ? 503 : 200,
        headers: {},
        body: new Uint8Array(),
      }
    },
  }
  world.whole = await loadSnapshot(home, world.host)
})

function getWorld(): { whole: Snapshot; host: Host } {
  const { whole, host } = world
  if (whole === undefined || host === undefined) throw new Error('the world is not there yet')
  return { whole, host }
}

function see(hidden: readonly RegistryName[]): LoadedGraph {
  const readable = new Set(registryNames.filter(name => !hidden.includes(name)))
  return toLoadedGraph(toVisibleSnapshot(getWorld().whole, readable), now)
}

/** Explanations of all nodes of which more is known than the name. */
async function explainEverything({ snapshot, graph }: LoadedGraph): Promise<readonly Explanation[]> {
  const { whole, host } = getWorld()
  const roots = graph.nodes.filter(node => !isOnlyNamed(node)).map(({ id }) => id)
  const refs = reachNeeds(roots, { graph, snapshot })
  const home = { directory: whole.home, origin: 'default' } as const
  const facts = await gatherFacts({ home, snapshot, whole, refs, platformRoot: world.platformRoot }, host)
  const { toExplanation } = evaluateSnapshot(roots, graph, facts)
  return roots.map(id => toExplanation(id))
}

/** Messages about names that the caller may not read, without the name itself. */
function guess({ snapshot, graph }: LoadedGraph): string[] {
  return registryNames.flatMap(name =>
    listMarks(texts[name]).map(mark => {
      try {
        return findNode(mark, graph, snapshot).id
      } catch (error) {
        return error instanceof NexusError
          ? `${error.message.replace(mark, '')} ${error.hint}`
          : String(error)
      }
    }),
  )
}

function tellStatus({ snapshot }: LoadedGraph): unknown {
  const { hyper } = getWorld().whole.registries
  const states = subRegistryNames.map(name => {
    const url = hyper.content?.sub_registries[name]?.url ?? null
    const error = `${url} answered 500`
    return [name, { ...createSyncState(soundDay), url, error, consecutive_failures: 2 }] as const
  })
  const daemon = { pid: 1, since: now }
  return toHomeStatus({ snapshot, states: new Map(states), now, ttlSeconds: 4321, daemon })
}

/** All output about a snapshot, by the function that makes it. */
async function tell(seen: LoadedGraph): Promise<Readonly<Record<string, string>>> {
  const { snapshot, graph, warnings } = seen
  const view = planView(undefined, graph, { isWhole: true })
  const overview = planView(undefined, graph, {})
  const { host } = getWorld()
  const env = await toExportResult(snapshot, host)
  const everything = { conditions: [], sortKeys: [], limit: undefined, selected: undefined }
  return {
    snapshot: JSON.stringify(snapshot),
    graph: JSON.stringify([graph, [...graph.declared], warnings]),
    json: String(await graphFormats.json(view, graphOptions)),
    mermaid: String(await graphFormats.mermaid(view, graphOptions)),
    dot: String(await graphFormats.dot(view, graphOptions)),
    tree: String(await graphFormats.tree(overview, graphOptions)),
    overview: String(await graphFormats.dot(overview, graphOptions)),
    explain: JSON.stringify(await explainEverything(seen)),
    env: [sh.render(env.variables, host), json.render(env.variables, host), ...env.notes].join('\n'),
    status: JSON.stringify(tellStatus(seen)),
    list: JSON.stringify(listRegistries(snapshot)),
    query: new TextDecoder().decode(toSnapshotInput(snapshot, 'all')),
    flags: JSON.stringify(await queryEntries(Object.values(snapshot.registries), everything)),
    versions: JSON.stringify(await findIncompatible(snapshot)),
  }
}

function explainLeaks(output: Readonly<Record<string, string>>, hidden: readonly RegistryName[]): string[] {
  const visible = registryNames.filter(name => !hidden.includes(name)).map(name => texts[name])
  const marks = visible.flatMap(listMarks)
  // The variable of a provider is its id in other letters.
  const known = new Set([...marks, ...marks.map(mark => mark.toUpperCase().replaceAll('-', '_'))])
  return Object.entries(output).flatMap(([what, text]) =>
    listMarks(text)
      .filter(mark => !known.has(mark))
      .map(mark => `${what} tells ${mark}`),
  )
}

test('the marks are in all output about the whole', async () => {
  const output = await tell(see([]))
  for (const [what, text] of Object.entries(output)) expect(listMarks(text), what).not.toEqual([])
  for (const name of registryNames)
    expect(
      listMarks(output.snapshot ?? '').filter(mark => texts[name].includes(mark)).length,
      name,
    ).toBeGreaterThan(5)
})

describe('whatever is hidden', () => {
  test('no output reveals it', async () => {
    for (const hidden of choices)
      expect(explainLeaks(await tell(see(hidden)), hidden), hidden.join(' ')).toEqual([])
  }, 120_000)

  test.each([...registryNames.map(name => ({ hidden: [name] })), { hidden: [...registryNames] }])(
    'neither pictures nor guesses show it: $hidden',
    async ({ hidden }) => {
      const seen = see(hidden)
      const view = planView(undefined, seen.graph, { isWhole: true })
      const svg = String(await graphFormats.svg(view))
      expect(svg).toContain('<svg')
      expect(explainLeaks({ svg, names: guess(seen).join('\n') }, hidden)).toEqual([])
    },
  )

  test('what is said of the rest is true, or that it is not known', async () => {
    const whole = see([])
    const truth = new Map((await explainEverything(whole)).map(each => [each.ref, each]))
    const missing = new Set(whole.graph.nodes.filter(({ kind }) => kind === 'missing').map(({ id }) => id))
    for (const hidden of choices) {
      const seen = see(hidden)
      const called = seen.graph.nodes.filter(({ kind }) => kind === 'missing').map(({ id }) => id)
      expect(
        called.filter(id => !missing.has(id)),
        hidden.join(' '),
      ).toEqual([])
      for (const { ref, status, warnings, causes } of await explainEverything(seen)) {
        const isOpen =
          hidden.includes('hyper') && warnings.some(text => text.startsWith('sign in to see hyper'))
        const may = isOpen
          ? ['ready', 'not set up', 'unknown', truth.get(ref)?.status]
          : ['unknown', truth.get(ref)?.status]
        expect(may, `${ref} without ${hidden.join(' ')}: ${JSON.stringify(causes)}`).toContain(status)
        expect(JSON.stringify(causes)).not.toMatch(
          /registry\.json (?:is not there|is missing|cannot be read)/,
        )
      }
    }
  }, 120_000)
})

describe('what needs something that may not be seen', () => {
  const [large = '', acme = '', core = '', router = '', podman = ''] = [
    Object.keys(JSON.parse(texts.models))[0],
    Object.keys(JSON.parse(texts.providers))[0],
    Object.keys(JSON.parse(texts.plugins))[0],
    Object.keys(JSON.parse(texts.plugins))[1],
    Object.keys(JSON.parse(texts.tools))[1],
  ]

  test.each([
    ['a model without its provider', ['providers'], `models/${large}`, 'sign in to see providers'],
    ['a plug-in with the name of a tool', ['tools'], `plugins/${podman}`, 'sign in to see tools'],
    ['a plug-in without tools', ['tools'], `plugins/${core}`, 'sign in to see tools'],
    [
      'a plug-in without services',
      ['microservices', 'adapters'],
      `plugins/${router}`,
      'sign in to see microservices and adapters',
    ],
    ['a registry itself', ['microservices'], 'microservices', 'sign in to see microservices'],
  ] as const)('%s is unknown', async (_, hidden, ref, reason) => {
    const found = (await explainEverything(see(hidden))).find(each => each.ref === ref)
    expect(found?.status).toBe('unknown')
    expect(found?.causes.map(cause => cause.reason)).toContainEqual(expect.stringContaining(reason))
    expect(found?.causes.map(({ fix }) => fix.text)).toContainEqual(
      expect.stringMatching(/^Use a token that may read /),
    )
  })

  test.each(['adapters', 'microservices'] as const)(
    'a model says nothing of a platform without %s',
    async name => {
      const pathOf = async (hidden: readonly RegistryName[]) =>
        (await explainEverything(see(hidden))).find(({ ref }) => ref === `models/${large}`)?.via_platform
      expect(await pathOf([])).toBeDefined()
      expect(await pathOf([name])).toBeUndefined()
    },
  )

  test('what needs nothing of it is as it is', async () => {
    const found = await explainEverything(see(['plugins']))
    expect(found.find(({ ref }) => ref === `models/${large}`)?.status).toBe('ready')
    expect(found.find(({ ref }) => ref === `providers/${acme}`)?.status).toBe('ready')
  })

  test('a name in a ref of a hidden registry is unseen, and the question for it says why', () => {
    const { graph, snapshot } = see(['providers'])
    expect(graph.nodes.find(({ id }) => id === `providers/${acme}`)?.kind).toBe('unseen')
    expect(() => findNode(`providers/${acme}`, graph, snapshot)).toThrow(
      'nothing that could be read is called',
    )
  })
})

describe('a home that has changed since it was trusted', () => {
  const firstOf = (name: RegistryName) => `${name}/${Object.keys(JSON.parse(texts[name]))[0]}`
  const old = ['0'.repeat(64)]

  test.each([
    ['is asked for no health', 'tools', firstOf('microservices')],
    ['runs no command', 'ml_frameworks', firstOf('tools')],
  ] as const)('%s because %s is hidden', async (_, changed, ref) => {
    const { whole, host } = getWorld()
    const asked: string[] = []
    const watching: Host = {
      ...host,
      sendRequest: request => {
        asked.push(request.url)
        return host.sendRequest(request)
      },
    }
    const files = {
      hyper: [whole.registries.hyper.sha256 ?? ''],
      dashboard: [whole.registries.dashboard.sha256 ?? ''],
      tools: [whole.registries.tools.sha256 ?? ''],
      providers: [whole.registries.providers.sha256 ?? ''],
      microservices: [whole.registries.microservices.sha256 ?? ''],
      ml_frameworks: [whole.registries.ml_frameworks.sha256 ?? ''],
    }
    const home = { directory: whole.home, origin: 'flag' } as const
    const ask = async () => {
      const { snapshot, graph } = see([changed])
      const request = { home, snapshot, whole, graph }
      // What a command printed before is remembered: here nothing is.
      const env = { ...host.env, XDG_CACHE_HOME: `${host.userHome}/${host.randomName()}` }
      const answer = await explain(findNode(ref, graph, snapshot), request, { ...watching, env })
      return answer.explanation.status
    }
    await saveGrant({ path: whole.home, granted_at: soundDay, files }, host)
    expect(await ask()).toBe('ready')
    asked.length = 0
    await saveGrant({ path: whole.home, granted_at: soundDay, files: { ...files, [changed]: old } }, host)
    expect(await ask()).toBe('unknown')
    expect(asked).toEqual([])
  })
})

test('variables of what may not be seen are not there, and a note says why', async () => {
  const { host } = getWorld()
  const all = await toExportResult(see([]).snapshot, host)
  const names = all.variables.map(({ name }) => name)
  const { variables, status, notes } = await toExportResult(see(['tools', 'providers']).snapshot, host)
  expect(variables.map(({ name }) => name)).toEqual(names.filter(name => name.includes('ML_FRAMEWORKS')))
  expect(status).toBe('partial')
  expect(notes).toEqual(expect.arrayContaining(['sign in to see tools', 'sign in to see providers']))
})

test('a tree says of what is only named that it may not be seen', async () => {
  const { graph, snapshot } = see(['providers'])
  const [model = ''] = Object.keys(JSON.parse(texts.models))
  const view = planView(findNode(`models/${model}`, graph, snapshot), graph, {})
  expect(await graphFormats.tree(view, graphOptions)).toMatch(/providers\/\S+ \(sign in to see it\)/)
})

test('the status of what may be seen tells no address of the hyper registry', () => {
  const status = tellStatus(see(['hyper', 'tools']))
  expect(status).toMatchObject({ ttl_seconds: null })
  expect(JSON.stringify(status)).not.toContain('"registry":"tools"')
  expect(status).toMatchObject({
    registries: expect.arrayContaining([
      expect.objectContaining({
        registry: 'models',
        source: 'upstream',
        url: null,
        entries_count_expected: null,
        error: 'the last attempt to sync it failed',
      }),
    ]),
  })
})
