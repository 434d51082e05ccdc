import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { createMeasure, everyStateTexts } from '../support/homes/every-state-home.ts'
import { startServedHome } from '../support/homes/served-home.ts'
import { findBarriers, type Look, startBrowser } from '../support/servers/browser.ts'

const browser = startBrowser()

/** The card with a name. */
function cardOf(page: Page, name: string) {
  return page.getByRole('article').filter({ has: page.getByRole('button', { name, exact: true }) })
}

async function readCard(page: Page, name: string): Promise<string> {
  return (await cardOf(page, name).innerText()).replace(/\s+/g, ' ')
}

/** Text of what has the focus, within whatever element. */
function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return (element?.textContent ?? '').trim()
  })()`)
}

/** Opens a page on which everything is, and waits until it was measured. */
async function openEverything(look: Look = {}) {
  const served = await startServedHome({
    texts: everyStateTexts,
    request: { measures: [createMeasure()] },
  })
  const page = await browser.open(served.url, { token: await served.token('admin'), ...look })
  await page.getByText('97.5 %').first().waitFor()
  return { served, page }
}

const shown = {
  Here: '🐳 Here 1.2.3 ✓ on',
  Away: 'Away – off',
  Faulty: 'Faulty ✕ broken it ends with 127',
  Unsure: 'Unsure ? unknown nobody could tell',
  Unlooked: 'Unlooked ? unknown',
  'No tool': 'No tool ! warning there is no tool or framework no_tool',
  Cluster: 'Cluster 1.2.3 ✓ on Pods 7 Memory 33 %',
  'No cluster': 'No cluster – off it was not found on PATH',
  Card: 'Card 1.2.3 ! warning Heat 85 % Share 0.4',
  'No card': 'No card – off it was not found on PATH',
  Ready: 'Ready ✓ on key set · responds in 123 ms large function calling',
  Keyless: 'Keyless – off key not set large',
  Silent: 'Silent ✕ broken key set · does not respond large',
  'New one': 'New one ? unknown key not known large',
  Calm: 'Calm 12 % ok',
  Busy: 'Busy 80 % ! warning',
  Burning: 'Burning 97.5 % ✕ critical',
  Fading: 'Fading 15 % ! warning',
  Gone: 'Gone ? unknown its source answers with text',
  Sourceless: 'Sourceless ? unknown nothing says where it comes from',
  Pods: 'Pods ok 4',
}

test('each component says in words how it is, and what cannot be shown has a sentence in its place', async () => {
  const { page } = await openEverything()
  const found: Record<string, string> = {}
  for (const name of Object.keys(shown)) found[name] = await readCard(page, name)
  expect(found).toEqual(shown)
  expect(await readCard(page, 'strange')).toMatch(/^strange ! warning .* found "hologram"$/)
  expect(await readCard(page, 'long_icon')).toMatch(/^long_icon ! warning .*at most 32 characters/)
})

test('charts and meters are told to who does not see them', async () => {
  const { page } = await openEverything()
  const chart = cardOf(page, 'Burning').getByRole('img')
  expect(await chart.getAttribute('aria-label')).toMatch(
    /^Burning: now 97.5 %, critical; from 97.5 % to 97.5 % in the last \d+ measurements$/,
  )
  expect(await chart.locator('.threshold').count()).toBe(2)
  const meter = cardOf(page, 'Card').getByRole('meter', { name: 'Heat' })
  expect(await meter.getAttribute('aria-valuetext')).toBe('85 %, warning')
  expect(await meter.getAttribute('aria-valuenow')).toBe('85')
  const ratio = cardOf(page, 'Share').getByRole('meter')
  expect(await ratio.getAttribute('aria-valuemax')).toBe('1')
})

describe('a card opens its details', () => {
  test('with evidence, version, path and when, and what would put it right', async () => {
    const { page } = await openEverything()
    await page.getByRole('button', { name: 'Here', exact: true }).click()
    const panel = page.getByRole('dialog', { name: 'Here' })
    await panel.getByText('Can it be used here?').waitFor()
    const text = await panel.innerText()
    for (const part of ['1.2.3', '/opt/here', 'a program on PATH', 'NEXUS_HAS_HERE', 'ready']) {
      expect(text).toContain(part)
    }
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Away', exact: true }).click()
    await page.getByText('What would put it right').waitFor()
    expect(await page.getByRole('dialog').innerText()).toContain('it was not found on PATH')
  })

  test('and of a metric of which less is worse, down from where', async () => {
    const { page } = await openEverything()
    await page.getByRole('button', { name: 'Fading', exact: true }).click()
    const panel = page.getByRole('dialog', { name: 'Fading' })
    expect((await panel.innerText()).replace(/\s+/g, ' ')).toContain(
      'Warning down from 20 % Critical down from 10 %',
    )
  })

  test.each([
    ['wide', { width: 1280, height: 900 }],
    ['narrow', { width: 390, height: 800 }],
  ])('by the keyboard alone, on a %s screen, and gives the focus back', async (_, viewport) => {
    const { page } = await openEverything({ viewport })
    await page.keyboard.press('/')
    await page.keyboard.type('faulty')
    await expect.poll(() => page.getByRole('article').count()).toBe(1)
    for (let step = 0; step < 3; step++) await page.keyboard.press('Tab')
    await expect.poll(() => focused(page)).toBe('Faulty')
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog', { name: 'Faulty' })
    await panel.getByText('it ends with 127').first().waitFor()
    await expect.poll(() => focused(page)).toBe('Faulty')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    await expect.poll(() => focused(page)).toBe('Faulty')
  })
})

describe('what is shown can be narrowed down', () => {
  test('to what is called so', async () => {
    const { page } = await openEverything()
    await page.getByRole('searchbox', { name: 'Search' }).fill('burn')
    await expect.poll(() => page.getByRole('article').count()).toBe(1)
    await page.getByRole('searchbox').fill('nothing is called so')
    await page.getByText('Nothing here is called so.').waitFor()
  })

  test('to what is wrong', async () => {
    const { page } = await openEverything()
    await page.getByRole('button', { name: 'Only what is wrong' }).click()
    const names = () => page.getByRole('article').getByRole('heading').allInnerTexts()
    await expect
      .poll(async () => (await names()).map(name => name.replace(/\s[\s\S]*/, '')).toSorted())
      .toEqual([
        'Burning',
        'Busy',
        'Card',
        'Fading',
        'Faulty',
        'Heat',
        'No',
        'Silent',
        'long_icon',
        'strange',
      ])
  })
})

test('how many cards are left of a search is told to who does not see it', async () => {
  const { page } = await openEverything()
  await page.keyboard.press('/')
  await page.keyboard.type('pods')
  expect(await page.getByRole('status').innerText()).toMatch(/^[12] of \d+ shown$/)
  await page.getByRole('searchbox').fill('')
  await expect.poll(() => page.getByRole('status').innerText()).toBe('')
})

test('that nobody has looked yet is said once, and what to do, until somebody has', async () => {
  const served = await startServedHome()
  const page = await browser.open(served.url)
  await page.getByText('nothing has been checked yet: run nexus-registry sync').waitFor()
})

describe('the graph', () => {
  test('is requested again where the server was too busy to draw it', async () => {
    const { page } = await openEverything({ allowed: /status of 503/ })
    let requests = 0
    await page.route('**/graph.svg', route => {
      requests += 1
      return requests === 1 ? route.fulfill({ status: 503, body: '{}' }) : route.continue()
    })
    await page.getByText('Dependency graph').click()
    await page.getByText('the server responds with 503').waitFor()
    await page.locator('g.node').first().waitFor()
    expect(await page.getByText('the server responds with 503').count()).toBe(0)
  })

  test('has nodes that explain themselves, to a mouse and to a keyboard', async () => {
    const { page } = await openEverything()
    await page.getByText('Dependency graph').click()
    await page.getByRole('button', { name: /metrics \(microservices\/metrics\), unknown/ }).click()
    const panel = page.getByRole('dialog', { name: 'microservices/metrics' })
    await panel.getByText('Can it be used here?').waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
      await page.keyboard.press(key)
      if (!(await focused(page)).includes('metrics')) break
    }
    await page.keyboard.press('Enter')
    const other = page.getByRole('dialog')
    await other.getByText('Can it be used here?').waitFor()
    expect(await other.getByRole('heading').first().innerText()).not.toBe('microservices/metrics')
  })
})

describe('nothing stands in anybody’s way', () => {
  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 740 } }],
    ['wide', { viewport: { width: 2560, height: 1400 } }],
    ['forced colours', { forcedColors: 'active' }],
  ] as const)('by axe, %s', async (_, look) => {
    const { page } = await openEverything(look)
    expect(await findBarriers(page)).toEqual([])
    await page.getByText('Dependency graph').click()
    await page.locator('g.node').first().waitFor()
    await page.getByRole('button', { name: 'Faulty', exact: true }).click()
    await page.getByText('What would put it right').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
  })

  test('at no width is anything wider than the page', async () => {
    const { page } = await openEverything()
    await page.getByText('Dependency graph').click()
    await page.locator('g.node').first().waitFor()
    for (const width of [360, 390, 768, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 })
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
  })
})
