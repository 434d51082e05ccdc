import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startServedHome } from '../support/homes/served-home.ts'
import { type HomeTexts, soundTexts } from '../support/homes/valid-home.ts'
import { findBarriers, type Look, startBrowser } from '../support/servers/browser.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const browser = startBrowser()

const checked_at = '2026-11-23T08:42:55.000Z'
const found = { path: null, version: null, evidence: null, reason: null, checked_at }
const tool = (id: string, detected: object, more: object = {}) => ({
  detection: `which ${id}`,
  env_var: `NEXUS_HAS_${id.toUpperCase()}`,
  ...more,
  detected: { ...found, ...detected },
})
const runtime = { provides: ['container_runtime'] }
const plugin = (id: string, requires: readonly string[]) => ({
  type: 'core',
  path: `${id}.zsh`,
  version: '1.0.0',
  dependencies: [],
  requires,
  functions: [],
})
const badge = { ui_component: 'capability_badge', category: 'container', env_var: 'NEXUS_HAS_DOCKER' }
const price = { context_tokens: 1000, capabilities: ['streaming'], cost_per_1k_input: 0 }

/** A home with models that can be called, a broken path, and things that are not set up. */
const texts: HomeTexts = {
  ...soundTexts,
  hyper: JSON.stringify({ ...JSON.parse(soundTexts.hyper), dependency_graph: { nodes: [], edges: [] } }),
  dashboard: JSON.stringify({
    version: '1.0.0',
    sections: {
      tools: { entries: { docker: { ...badge, display_name: 'Docker' } } },
      providers: {
        entries: {
          acme: { display_name: 'Acme', ui_component: 'provider_card' },
          other: { display_name: 'Other', ui_component: 'provider_card' },
        },
      },
      metrics: { system: {} },
    },
  }),
  tools: JSON.stringify({
    docker: tool(
      'docker',
      { status: 'broken', path: '/opt/docker', reason: 'its engine does not answer' },
      runtime,
    ),
    podman: tool('podman', { status: 'absent' }, runtime),
    git: tool('git', { status: 'present', version: '2.39.5', path: '/opt/git', evidence: 'path' }),
    jq: tool('jq', { status: 'absent' }),
    yq: tool('yq', { status: 'absent' }),
  }),
  providers: JSON.stringify({
    acme: {
      endpoint: 'https://acme.example/v1',
      auth_type: 'bearer',
      key_env: 'ACME_KEY',
      models: ['large', 'small'],
      detected: {
        status: 'configured',
        key_env: 'ACME_KEY',
        reachable: true,
        latency_ms: 123.4,
        reason: null,
        checked_at,
      },
    },
    other: {
      endpoint: 'https://other.example/v1',
      auth_type: 'bearer',
      key_env: 'OTHER_KEY',
      models: ['tiny'],
    },
  }),
  models: JSON.stringify({
    large: { ...price, provider: 'acme' },
    small: { ...price, provider: 'acme' },
    tiny: { ...price, provider: 'other' },
  }),
  plugins: JSON.stringify({
    sandbox: plugin('sandbox', ['container_runtime']),
    router: plugin('router', ['models/large']),
    away: plugin('away', ['git']),
    afar: plugin('afar', []),
  }),
  microservices: '{}',
  adapters: '{}',
  ml_frameworks: '{}',
}

interface GraphLook extends Look {
  /** Behind `#/graph`. */
  readonly query?: string
}

/** Opens the graph of that home, and waits until it is drawn. */
async function openGraph({ query = '', ...look }: GraphLook = {}): Promise<Page> {
  const platformRoot = await temporaryDirectory()
  for (const name of ['sandbox', 'router']) await writeFile(nodePath.join(platformRoot, `${name}.zsh`), '')
  const served = await startServedHome({ texts, request: { platformRoot }, host: { env: { ACME_KEY: 'x' } } })
  const page = await browser.open(`${served.url}/#/graph${query}`, {
    token: await served.token('admin'),
    ...look,
  })
  await page.locator('[data-node]').first().waitFor()
  return page
}

/** What a list of nodes says, a line each. */
async function readNodes(page: Page, selector: string): Promise<string[]> {
  const all = await page.locator(selector).allInnerTexts()
  return all.map(toLine)
}

// A name and what follows it stand on lines of their own.
function toLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll(' ,', ',').trim()
}

const lane = (page: Page, name: string) => page.getByRole('list', { name, exact: true })
const node = (page: Page, name: string | RegExp) =>
  page.locator('[data-node]').filter({ hasText: name }).first()

/** Id of the node that has the focus. */
const focused = (page: Page) => page.evaluate(`document.activeElement?.dataset?.node ?? ''`)

test('the graph has four lanes, what is broken first, and one grey node for what is not set up', async () => {
  const page = await openGraph()
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('What needs what')
  const lines = async (name: string) => {
    const all = await lane(page, name).getByRole('button').allInnerTexts()
    return all.map(toLine)
  }
  expect({
    callers: await lines('Callers'),
    callable: await lines('Can be called'),
    through: await lines('Through'),
    needs: await lines('Needs'),
  }).toEqual({
    callers: ['sandbox, not ready, plug-in', 'router, ready, plug-in', '2 plug-ins, not set up, not set up'],
    callable: [
      'container_runtime, not ready, Docker or podman',
      '2 models, ready, Acme',
      'tiny, not set up, Other',
    ],
    through: [
      'Docker, not ready, its engine does not answer',
      'podman, not set up, tool',
      'Acme, ready, 123 ms',
      'Other, not set up, provider',
    ],
    needs: ['ACME_KEY, ready, set', 'git, ready, tool', '2 tools, 1 key, not set up, not set up'],
  })
})

describe('a broken path', () => {
  test('stands first in words, with its reason and its fix, and is drawn in red', async () => {
    const page = await openGraph()
    const panel = page.getByRole('region', { name: 'One broken path' })
    expect((await panel.getByRole('heading', { level: 3 }).innerText()).replace(/\s+/g, ' ')).toBe(
      'sandbox → container_runtime → Docker',
    )
    const text = await panel.innerText()
    expect(text).toContain('its engine does not answer')
    expect(text).toMatch(/or remove \/opt\/docker|docker\.io/)
    await panel.getByRole('button', { name: 'Docker', exact: true }).click()
    await page.getByRole('dialog', { name: 'Docker' }).waitFor()
    expect(await page.locator('path.edge.bad').count()).toBe(2)
    expect(await page.locator('path.edge.bad').first().getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+C/)
    expect(await page.locator('.node.bad').count()).toBe(3)
  })

  test('is all that is shown on request, and the address says so', async () => {
    const page = await openGraph()
    await page.getByRole('link', { name: 'Only what is broken' }).click()
    await expect.poll(() => page.locator('[data-node]').count()).toBe(4)
    expect(page.url()).toMatch(/#\/graph\?show=broken$/)
    await page.getByRole('link', { name: 'Not set up, too' }).click()
    await node(page, 'jq').waitFor()
    expect(page.url()).toMatch(/#\/graph\?show=all$/)
    expect(await page.getByRole('link', { name: 'Not set up, too' }).getAttribute('aria-current')).toBe(
      'true',
    )
  })
})

describe('a node', () => {
  test('opens its details, and gets the focus back', async () => {
    const page = await openGraph()
    await node(page, /^router/).click()
    const panel = page.getByRole('dialog', { name: 'router' })
    await panel.getByText('nexus-registry explain plugins/router').waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    expect(await focused(page)).toBe('plugins/router')
  })

  test('that is a group opens in place, and each member opens its details', async () => {
    const page = await openGraph()
    const group = node(page, '2 models')
    expect(await group.getAttribute('aria-expanded')).toBe('false')
    await group.press('Enter')
    expect(await group.getAttribute('aria-expanded')).toBe('true')
    expect(await readNodes(page, '.members .node')).toEqual(['large, ready', 'small, ready'])
    await node(page, /^large/).press('Enter')
    await page.getByRole('dialog', { name: 'large' }).getByText('models/large', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await group.press('Enter')
    expect(await page.locator('.members').count()).toBe(0)
  })

  test('that nothing explains shows what it is tied to', async () => {
    const page = await openGraph()
    await node(page, 'container_runtime').click()
    await page.getByText('What container_runtime is tied to.').waitFor()
    expect(page.url()).toMatch(/#\/graph\?at=container_runtime$/)
    await expect.poll(() => page.locator('[data-node]').count()).toBe(4)
  })

  test('is reached with the arrow keys', async () => {
    const page = await openGraph()
    await node(page, 'sandbox').focus()
    const visited: unknown[] = []
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowLeft']) {
      await page.keyboard.press(key)
      visited.push(await focused(page))
    }
    expect(visited.slice(0, 3)).toEqual(['container_runtime', 'tools/docker', 'tools/podman'])
    expect(visited.slice(3)).toEqual(['tools/docker', 'container_runtime', 'plugins/sandbox'])
  })

  test('in the address has the focus, with only what it is tied to, and a way back', async () => {
    const page = await openGraph({ query: '?at=providers/acme' })
    await expect.poll(() => focused(page)).toBe('providers/acme')
    expect(await readNodes(page, '[data-node]')).toEqual([
      'router, ready, plug-in',
      '2 models, ready, Acme',
      'Acme, ready, 123 ms',
      'ACME_KEY, ready, set',
    ])
    expect(await node(page, /^Acme/).getAttribute('aria-current')).toBe('true')
    await page.getByRole('link', { name: 'Show everything' }).click()
    await node(page, 'sandbox').waitFor()
  })

  test('that is not there leaves everything, and is named', async () => {
    const page = await openGraph({ query: '?at=tools/nowhere' })
    await page.getByText('The graph has nothing called').waitFor()
    await node(page, 'sandbox').waitFor()
  })
})

test('on a narrow screen it is an outline, in which groups open, too', async () => {
  const page = await openGraph({ viewport: { width: 390, height: 800 } })
  const outline = page.getByRole('region', { name: 'Dependency graph as a list' })
  expect(await outline.locator('li > .node').first().innerText()).toMatch(/^sandbox/)
  const nested = outline.locator('li', { has: page.locator(':scope > [data-node="plugins/sandbox"]') })
  expect(await nested.locator('ul ul [data-node="tools/docker"]').count()).toBe(1)
  expect(await page.locator('.lanes').count()).toBe(0)
  await outline.getByRole('button', { name: /^2 models/ }).click()
  await outline.getByRole('button', { name: /^small/ }).click()
  await page.getByRole('dialog', { name: 'small' }).waitFor()
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.locator('.lanes').waitFor()
})

test('on a narrow screen the details make room for the node that they lead to', async () => {
  const page = await openGraph({ viewport: { width: 390, height: 800 } })
  await node(page, /^router/).click()
  const panel = page.getByRole('dialog', { name: 'router' })
  await panel.getByRole('link', { name: 'Show in the graph' }).click()
  await page.getByText('What router is tied to.').waitFor()
  await panel.waitFor({ state: 'hidden' })
  await expect.poll(() => focused(page)).toBe('plugins/router')
})

describe('axe finds nothing', () => {
  const looks = [390, 1024, 1440].flatMap(width =>
    (['light', 'dark'] as const).map(colorScheme => [width, colorScheme] as const),
  )
  test.each(looks)('at %s, %s', async (width, colorScheme) => {
    const page = await openGraph({ colorScheme, viewport: { width, height: 900 } })
    expect(await findBarriers(page)).toEqual([])
    const closed = page.locator('.node[aria-expanded="false"]')
    while ((await closed.count()) > 0) await closed.first().click()
    await page.locator('.members').first().waitFor()
    expect(await findBarriers(page)).toEqual([])
  })

  test('with forced colours, at one node', async () => {
    const page = await openGraph({ forcedColors: 'active', query: '?at=providers/acme' })
    expect(await findBarriers(page)).toEqual([])
  })
})

/** Puts another graph in the place of that of the server. */
function answerWith(graph: object): Pick<Look, 'prepare'> {
  const answer = { contentType: 'application/json', body: JSON.stringify(graph) }
  return { prepare: async page => void (await page.route('**/graph.json', route => route.fulfill(answer))) }
}

describe('names are text', () => {
  test.each([
    ['a script', '<script>alert(1)</script><img src=x onerror=alert(2)>'],
    ['77 letters', 'w'.repeat(77)],
    ['letters that turn the text around', 'abc\u202edcba\u2066\u2069'],
    ['Arabic', 'مرحبا بالعالم'],
    ['an end of everything', '"\'></bdi></button><style>*{display:none}</style>'],
  ])('%s', async (_, text) => {
    const graph = {
      nodes: [
        { id: `plugins/${text}`, kind: 'plugin', label: text, status: 'ready' },
        { id: text, kind: 'capability', label: text, status: 'ready' },
        { id: 'tools/docker', kind: 'tool', label: text, status: 'not ready' },
        { id: `tools/${text}`, kind: 'tool', label: text, status: 'unknown' },
      ],
      edges: [
        { from: `plugins/${text}`, to: text, type: 'requires' },
        { from: text, to: `tools/${text}`, type: 'provided_by' },
      ],
    }
    const page = await openGraph(answerWith(graph))
    for (const width of [1440, 1024, 390, 320]) {
      await page.setViewportSize({ width, height: 900 })
      await expect.poll(() => page.locator('[data-node]').count()).toBe(4)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
    expect(await page.evaluate(countForeign)).toEqual({ foreign: 0, handlers: 0, turned: 0 })
  })
})

// Elements and attributes that only data could have brought, and texts that are not as they look.
const countForeign = `(() => {
  const all = [...document.querySelectorAll('dependency-graph *')]
  const foreign = all.filter(({ localName }) => ['script', 'img', 'iframe', 'style', 'object'].includes(localName))
  const handlers = all.filter(element => [...element.attributes].some(({ name }) => /^on|^style$/.test(name)))
  const turned = all.filter(element => /[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\ufeff]/.test(element.textContent))
  return { foreign: foreign.length, handlers: handlers.length, turned: turned.length }
})()`

test('thousands of models are few nodes, and the models view has the rest', async () => {
  const models = Array.from({ length: 3000 }, (_, index) => ({
    node: { id: `models/m${index}`, kind: 'model', label: `m${index}`, status: 'ready' },
    edge: { from: `models/m${index}`, to: `providers/p${index % 60}`, type: 'requires' },
  }))
  const others = Array.from({ length: 500 }, (_, index) => ({
    id: index < 60 ? `providers/p${index}` : `tools/t${index}`,
    kind: index < 60 ? 'provider' : 'tool',
    label: `n${index}`,
    status: 'ready',
  }))
  const page = await openGraph(
    answerWith({
      nodes: [...models.map(each => each.node), ...others],
      edges: models.map(({ edge }) => edge),
    }),
  )
  expect(await page.locator('[data-node]').count()).toBeLessThanOrEqual(60)
  await node(page, /^and 2300 more/).click()
  await page.getByRole('link', { name: 'and 2276 more' }).click()
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
})

test('a refusal shows its sentence, and the graph is requested again', async () => {
  let requests = 0
  const body = JSON.stringify({ detail: 'too much is waiting already' })
  const page = await openGraph({
    allowed: /status of 503/,
    prepare: async opened => {
      await opened.route('**/graph.json', route => {
        requests += 1
        return requests === 1 ? route.fulfill({ status: 503, body }) : route.continue()
      })
    },
  })
  expect(requests).toBe(2)
  expect(await page.getByText('too much is waiting already').count()).toBe(0)
})
