import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { createMeasure, everyStateTexts } from '../support/homes/every-state-home.ts'
import { fullModels, fullView } from '../support/homes/full-dashboard.ts'
import { startServedHome } from '../support/homes/served-home.ts'
import { findBarriers, type Look, startBrowser } from '../support/servers/browser.ts'
import { openFixedPage } from '../support/servers/fixed-page.ts'

const browser = startBrowser()

/** What the page says of a thing: the text of the row, card or panel that its name stands in. */
async function read(page: Page, name: string): Promise<string> {
  const button = page.locator('main').getByRole('button', { name, exact: true }).first()
  const place = button.locator(
    'xpath=ancestor::*[self::li or self::tr or self::div[contains(@class, "tile")] or self::section][1]',
  )
  return (await place.innerText()).replace(/\s+/g, ' ').trim()
}

/** Text of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(`(document.activeElement?.textContent ?? '').replace(/\\s+/g, ' ').trim()`)
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
  Here: 'Here ready 1.2.3',
  Faulty: /^Faulty it ends with 127 Fix or remove \/opt\/broken, or install another one/,
  Unsure: 'Unsure unknown nobody could tell',
  Unlooked: 'Unlooked unknown',
  'No tool': 'No tool warning there is no tool or framework no_tool',
  strange: /^strange warning .* found "hologram"$/,
  long_icon: /^long_icon warning .*at most 32 characters/,
  Cluster: 'Cluster reachable kubectl 1.2.3 Pods 7 Memory 33 %',
  Heat: 'Heat high 85 %',
  Share: 'Share 0.4',
  Ready: /^Re Ready no key needed checked .* ago 1 model large$/,
  Silent: 'Silent no answer nexus-registry sync providers --deep Copy',
  'New one': 'Ne New one ACME_KEY unknown',
  Calm: 'Calm 12 %',
  Busy: 'Busy high 80 %',
  Burning: 'Burning very high 97.5 %',
  Fading: 'Fading low 15 %',
  Pods: 'Pods 4',
}

test('each component says in words how it is, and what cannot be shown has a sentence in its place', async () => {
  const { page } = await openEverything()
  for (const [name, says] of Object.entries(shown)) {
    const found = await read(page, name)
    if (typeof says === 'string') expect(found).toBe(says)
    else expect(found).toMatch(says)
  }
})

test('what is absent, not set up or without a value is one line, which opens', async () => {
  const { page } = await openEverything()
  const absent = page.getByText(/^\d+ not here$/)
  expect(await absent.locator('xpath=..').innerText()).toMatch(/3 not here\s+No cluster, No card, Away/)
  expect(await page.getByRole('button', { name: 'Away', exact: true }).isVisible()).toBe(false)
  await absent.click()
  await page.getByRole('button', { name: 'Away', exact: true }).waitFor()
  expect(
    await page
      .getByText(/^1 not set up$/)
      .locator('xpath=..')
      .innerText(),
  ).toContain('Keyless')
  expect(
    await page
      .getByText(/^\d+ without a value$/)
      .locator('xpath=..')
      .innerText(),
  ).toContain('Gone, Memory, Sourceless')
})

test('charts and meters have words for readers who do not see them', async () => {
  const { page } = await openEverything()
  const chart = page.getByRole('img', { name: /^Burning:/ })
  expect(await chart.getAttribute('aria-label')).toMatch(
    /^Burning: now 97.5 %, critical; from 97.5 % to 97.5 % in the last \d+ measurements$/,
  )
  expect(await chart.locator('.mark').count()).toBe(2)
  const meter = page.getByRole('meter', { name: 'Heat' }).first()
  expect(await meter.getAttribute('aria-valuetext')).toBe('85 %, warning')
  expect(await meter.getAttribute('aria-valuenow')).toBe('85')
  expect(await page.getByRole('meter', { name: 'Share' }).first().getAttribute('aria-valuemax')).toBe('1')
})

describe('the answer comes first', () => {
  test('how many models can be called and through whom, and five numbers that lead to more', async () => {
    const page = await openFixedPage(browser)
    const hero = page.getByRole('region', { name: '17 models can be called from here' })
    expect(await hero.innerText()).toContain(
      'Through OpenAI, Anthropic and Mistral, and Ollama on this machine.',
    )
    const numbers = (await hero.getByRole('listitem').allInnerTexts()).map(text => text.replace(/\s+/g, ' '))
    expect(numbers).toEqual([
      '2 broken, with a fix',
      '13.2 of 24 GiB GPU memory free',
      '18 of 30 tools ready',
      '4 retire in 46 days',
      '6 changes in 24 hours',
    ])
    expect(await page.title()).toBe('2 broken · forge')
    await hero.getByRole('link', { name: /tools ready/ }).click()
    await expect.poll(() => focused(page)).toBe('Tools and frameworks 18 ready')
    await hero.getByRole('link', { name: /retire in/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor()
    await expect.poll(() => page.getByRole('row').count()).toBe(6)
  })

  test('what to do where no model can be called, and where nothing was checked', async () => {
    const served = await startServedHome()
    const page = await browser.open(served.url)
    await page.getByRole('heading', { level: 1, name: 'This machine has not been checked yet' }).waitFor()
    await page.getByRole('button', { name: 'Copy: nexus-registry sync' }).waitFor()
    const models = { ...fullView.models, ready: 0, through: [], retiring: [], entries: [] }
    const other = await openFixedPage(browser, { view: { ...fullView, models } })
    await other.getByRole('heading', { level: 1, name: 'No model can be called from here' }).waitFor()
    await other.locator('.hero').getByText('export GOOGLE_API_KEY=…').waitFor()
  })
})

describe('a problem', () => {
  test('says what, why, since when and what it blocks, with a command that is copied', async () => {
    const page = await openFixedPage(browser)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const problem = page.locator('.problem').filter({ hasText: 'Docker' })
    const text = (await problem.innerText()).replace(/\s+/g, ' ')
    expect(text).toMatch(
      /^Docker nothing listens at unix:\/\/\/var\/run\/docker.sock Since today .* blocks plugins\/nexus_sandbox/,
    )
    await problem.getByRole('button', { name: 'Copy: sudo systemctl start docker' }).click()
    await problem.getByText('Copied').first().waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('sudo systemctl start docker')
    await page.keyboard.press('c')
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toMatch(/docker|vllm/)
    await page.getByRole('button', { name: /Copy all 2 fixes/ }).click()
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toBe('~/ml/.venv/bin/python -m pip install --upgrade vllm\nsudo systemctl start docker')
  })

  test('leaves one green line when there is none, with the last one', async () => {
    const page = await openFixedPage(browser, { view: { ...fullView, problems: [] } })
    const line = page.getByRole('region', { name: 'Broken' })
    expect((await line.innerText()).replace(/\s+/g, ' ')).toBe(
      'Nothing is broken last problem: providers/ollama, fixed 18 h ago',
    )
    expect(await page.title()).toBe('forge')
  })
})

describe('a thing opens its details', () => {
  test('with evidence, version, path, when, and its fix', async () => {
    const { page } = await openEverything()
    await page.getByRole('button', { name: 'Here', exact: true }).click()
    const panel = page.getByRole('dialog', { name: 'Here' })
    await panel.getByText('ready', { exact: true }).waitFor()
    const text = await panel.innerText()
    for (const part of ['1.2.3', '/opt/here', 'a program on PATH', 'NEXUS_HAS_HERE', 'Needed by']) {
      expect(text).toContain(part)
    }
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    await page.locator('.badge').getByRole('button', { name: 'Faulty', exact: true }).click()
    const other = page.getByRole('dialog', { name: 'Faulty' })
    await other.getByText('Fix or remove').first().waitFor()
    await other.getByText('nexus-registry explain tools/faulty').waitFor()
  })

  test('and a metric of which less is worse, from where it is low', async () => {
    const { page } = await openEverything()
    await page.getByRole('button', { name: 'Fading', exact: true }).click()
    const panel = page.getByRole('dialog', { name: 'Fading' })
    expect((await panel.innerText()).replace(/\s+/g, ' ')).toContain('Low from 20 % Very low from 10 %')
  })

  test.each([
    ['wide', { width: 1280, height: 900 }],
    ['narrow', { width: 390, height: 800 }],
  ])('by the keyboard alone, on a %s screen, and gives the focus back', async (_, viewport) => {
    const { page } = await openEverything({ viewport })
    await page.keyboard.press('/')
    await page.keyboard.type('faulty')
    await page.getByRole('option', { name: /^Faulty/ }).waitFor()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog', { name: 'Faulty' })
    await panel.getByText('it ends with 127').first().waitFor()
    await expect.poll(() => focused(page)).toBe('Faulty')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    await expect
      .poll(() => page.evaluate('document.activeElement?.getAttribute("aria-label")'))
      .toBe('Search')
  })
})

describe('a search', () => {
  test('finds tools, models and variables, and goes through them by arrows', async () => {
    const page = await openFixedPage(browser)
    const search = page.getByRole('combobox', { name: 'Search' })
    await search.fill('NEXUS_HAS_JQ')
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['jq\ntool'])
    await search.fill('waiting-1')
    await expect.poll(() => page.getByRole('option').count()).toBe(8)
    await page.getByText('and 3 more', { exact: true }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('option', { selected: true }).innerText()).toMatch(/^waiting-10/)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'waiting-10' }).waitFor()
  })

  test('suggests the nearest name where nothing is called so', async () => {
    const page = await openFixedPage(browser)
    await page.getByRole('combobox', { name: 'Search' }).fill('pytroch')
    await page.getByText('Nothing is called “pytroch”.').waitFor()
    await page.getByRole('button', { name: 'Did you mean PyTorch?' }).click()
    await page.getByRole('dialog', { name: 'PyTorch' }).waitFor()
  })
})

describe('models', () => {
  const names = (page: Page) => page.locator('.model-table th[scope=row] .open').allInnerTexts()

  test('have their price, context, capabilities and end, those of this machine first', async () => {
    const page = await openFixedPage(browser)
    expect(await read(page, 'qwen3:14b')).toBe('qwen3:14b Ollama 41 k free free no yes yes yes loaded')
    expect(await read(page, 'gpt-4.1')).toBe('gpt-4.1 OpenAI 1.05 M 2.00 8.00 yes yes yes no 46 days left')
    expect(await page.getByText(/retire on 14 January/).innerText()).toBe('4 models retire on 14 January')
    expect((await names(page)).slice(0, 3)).toEqual(['qwen3:14b', 'nomic-embed-text:latest', 'gpt-5.1'])
  })

  test('are filtered by an address that can be sent', async () => {
    const page = await openFixedPage(browser, { hash: '#/models?can=vision,reasoning&under=1' })
    await expect.poll(() => names(page)).toEqual(['mistral-small-latest'])
    await page.getByRole('link', { name: 'Under $1' }).click()
    await expect.poll(async () => (await names(page)).length).toBe(7)
    expect(new URL(page.url()).hash).toBe('#/models?can=vision,reasoning')
    await page.getByRole('searchbox', { name: 'Filter by name' }).pressSequentially('opus')
    await expect.poll(() => names(page)).toEqual(['claude-opus-4-6', 'claude-opus-4-5'])
    await page.getByRole('combobox', { name: 'Provider' }).selectOption('openai')
    await page.getByText('No model that can be called fits.').waitFor()
    await page.goBack()
    await expect.poll(() => names(page)).toEqual(['claude-opus-4-6', 'claude-opus-4-5'])
  })

  test('are added in pieces where there are thousands', async () => {
    const [first] = fullModels
    const models = Array.from({ length: 3000 }, (_, index) => ({
      ...first,
      ...fullModels[5],
      id: `m${index}`,
      ref: `models/m${index}`,
    }))
    const entries = models.slice(0, 40) as typeof fullModels
    const view = {
      ...fullView,
      models: { ...fullView.models, total: 3000, ready: 3000, retiring: [], entries },
    }
    const page = await openFixedPage(browser, { view, models: models as typeof fullModels, hash: '#/models' })
    await page.getByText('3000 models', { exact: true }).waitFor()
    expect((await names(page)).length).toBe(200)
    await page.getByRole('button', { name: 'Show 200 more of 2800' }).click()
    await expect.poll(async () => (await names(page)).length).toBe(400)
  })
})

test('the journal is a view of its own', async () => {
  const page = await openFixedPage(browser)
  await page.keyboard.press('h')
  await page.getByRole('heading', { level: 1, name: 'Changes' }).waitFor()
  const lines = async () =>
    (await page.locator('.changes ol > li').allInnerTexts()).map(text => text.split('\n')[0])
  await expect
    .poll(lines)
    .toEqual([
      'vLLM broke',
      'PyTorch 2.8.0 → 2.9.1',
      'Docker broke',
      'Mistral came',
      'Ollama is up',
      'gpt-5.1 was changed by import: retires_on',
      'uv was added by add',
    ])
  await page.getByRole('link', { name: 'Edits' }).click()
  await expect.poll(async () => (await lines()).length).toBe(2)
})

describe('a GPU', () => {
  test('says who holds its memory, how busy, warm and hungry it is', async () => {
    const page = await openFixedPage(browser)
    const panel = page.getByRole('region', { name: 'NVIDIA GeForce RTX 4090' })
    const text = (await panel.innerText()).replace(/\s+/g, ' ')
    for (const part of [
      'driver 570.86',
      '13.2 GiB free of 24',
      '45 % taken',
      'qwen3:14b 10.1 GiB',
      'other 0.7 GiB',
      '61 °C',
      '187 of 450 W',
    ])
      expect(text).toContain(part)
    expect(await panel.getByRole('meter').getAttribute('aria-valuetext')).toBe(
      '45 % taken: qwen3:14b 10.1 GiB, other 0.7 GiB',
    )
  })

  test('that is asleep has a word and no zero, and none at all is one line', async () => {
    const [gpu] = fullView.gpus
    if (gpu === undefined) throw new Error('the fixed dashboard has a GPU')
    const asleep = {
      ...gpu,
      memory_used_bytes: null,
      utilization: null,
      temperature_c: null,
      power_w: null,
      reason: 'it is asleep',
    }
    const page = await openFixedPage(browser, { view: { ...fullView, gpus: [asleep] } })
    const text = await page.getByRole('region', { name: 'NVIDIA GeForce RTX 4090' }).innerText()
    expect(text).toContain('it is asleep')
    expect(text).not.toMatch(/\b0\b/)
    const served = await startServedHome()
    const other = await browser.open(served.url)
    await other.getByRole('region', { name: 'GPU' }).waitFor()
  })
})

test('one line says what is hidden, and the cards leave', async () => {
  const served = await startServedHome()
  const page = await browser.open(served.url)
  await page.getByText('You see what everybody may see.').waitFor()
  expect(await page.getByText('sign in to see').count()).toBe(0)
  expect(await page.locator('.banner').innerText()).toMatch(/Hidden: hyper, microservices, adapters/)
})

test('colours are those of the system or a choice, which is kept', async () => {
  const page = await openFixedPage(browser, {}, { colorScheme: 'light' })
  const background = () => page.evaluate('getComputedStyle(document.body.parentElement).backgroundColor')
  const light = await background()
  await page.getByRole('radio', { name: 'Dark' }).check()
  await expect.poll(background).not.toBe(light)
  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await background()).not.toBe(light)
  expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true)
})

test('the keys are shown by a key, and lead to every view', async () => {
  const page = await openFixedPage(browser)
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keys' })
  expect(await dialog.getByRole('definition').count()).toBe(8)
  await page.keyboard.press('Escape')
  for (const [key, heading] of [
    ['m', 'Models'],
    ['h', 'Changes'],
    ['o', '17 models can be called from here'],
  ] as const) {
    await page.keyboard.press(key)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  }
})

test('a name of 77 letters, in any direction, moves nothing', async () => {
  const long = 'x'.repeat(77)
  const sections = fullView.sections.map(section => ({
    ...section,
    cards: section.cards.map((card, index) => ({
      ...card,
      name: index % 2 === 0 ? long : 'مرحبا بالعالم '.repeat(5),
    })),
  }))
  const problems = fullView.problems.map(problem => ({ ...problem, name: long, reason: long }))
  const page = await openFixedPage(browser, { view: { ...fullView, sections, problems } })
  for (const width of [320, 390, 768, 1024, 1440, 2560]) {
    await page.setViewportSize({ width, height: 900 })
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  }
})

describe('nothing stands in the way', () => {
  const looks = (['light', 'dark'] as const).flatMap(colorScheme =>
    [390, 1024, 1440].map(
      width => [`${colorScheme}, ${width} px`, { colorScheme, viewport: { width, height: 900 } }] as const,
    ),
  )
  test.each([
    ...looks,
    ['320 px', { viewport: { width: 320, height: 740 } }],
    ['forced colours', { forcedColors: 'active' }],
  ] as const)('by axe: %s', async (_, look) => {
    const page = await openFixedPage(browser, {}, look)
    for (const fold of await page.locator('.fold > summary').all()) await fold.click()
    expect(await findBarriers(page)).toEqual([])
    for (const [hash, heading] of [
      ['#/models?all=1', 'Models'],
      ['#/changes', 'Changes'],
    ] as const) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      expect(await findBarriers(page)).toEqual([])
    }
    await page.locator('.model-table, .changes').getByRole('button').first().click()
    await page.locator('dialog.side[open]').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('.who').click()
    await page.locator('.who').click()
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
  })

  test('and no text is smaller than 12 px', async () => {
    const page = await openFixedPage(browser)
    const small = await page.evaluate(`[...document.querySelectorAll('body *')]
      .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== ''))
      .filter(element => !element.closest('.mono-tile') && parseFloat(getComputedStyle(element).fontSize) < 12)
      .map(element => element.outerHTML.slice(0, 80))`)
    expect(small).toEqual([])
  })
})
