import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Card, DashboardView, Reading } from '../../src/dashboard/model/dashboard-view.ts'
import { uiComponents } from '../../src/registry/schema/dashboard.ts'
import { startServedHome } from '../support/homes/served-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { startBrowser } from '../support/servers/browser.ts'

const browser = startBrowser()

const hostile = [
  ['a script', '<script>alert(1)</script><img src=x onerror=alert(2)>'],
  ['an address that runs', 'javascript:alert(1)'],
  ['an end of everything', '"\'></bdi></button></template><style>*{display:none}</style>'],
  ['letters that turn the text around', 'abc\u202edcba\u2066\u2069 \u061c'],
  ['what nobody sees', '\u200b\u200b\ufeff\u2060zero\u00ad'],
  ['controls', 'a\u0000b\u001b[31m\u0085'],
  ['Arabic', 'مرحبا بالعالم'],
  ['a word of 4 KB', '🐳'.repeat(2048)],
  ['half a character', 'x\ud83d'],
] as const

/** A dashboard on which every text is the same. */
function createHostileView(text: string): DashboardView {
  const reading: Reading = {
    id: text,
    name: text,
    unit: text,
    value: 1,
    level: 'critical',
    reason: text,
    read_at: text,
    history: [1, null, 2],
    threshold_warning: 1,
    threshold_critical: 2,
  }
  const card: Omit<Card, 'ref' | 'component'> = {
    has_indicator: true,
    subject: `tools/${text}`,
    name: text,
    icon: text,
    description: text,
    state: 'broken',
    facts: { version: text, path: text, evidence: 'path', reason: text, checked_at: text },
    variables: [{ name: text, value: text }],
    readings: [reading, { ...reading, value: null, id: `${text}2` }],
    provider: {
      is_health_checked: true,
      status_endpoint: null,
      is_key_set: true,
      is_reachable: true,
      latency_ms: 1,
      models: [text],
      capabilities: [text],
    },
    warning: null,
  }
  const cards = uiComponents.map(component => ({ ...card, component, ref: `dashboard/${text}/${component}` }))
  const broken = { ...card, component: null, warning: text, ref: `dashboard/${text}/none` }
  return {
    generated_at: text,
    sections: [{ id: text, title: text, cards: [...cards, broken] }],
    changes: [],
    warnings: [text],
  }
}

const explain = (text: string) => ({
  ref: text,
  status: 'not ready',
  causes: [{ ref: text, status: 'not ready', reason: text, fix: { text, command: text } }],
  dependents: [text, `tools/${text}`],
  warnings: [text],
})

const freshness = (text: string) => ({
  name: text,
  status: 'failed',
  age_seconds: 1,
  ttl_seconds: 1,
  entries: 1,
  entries_expected: 1,
  last_success: text,
  source: text,
  error: text,
})

const picture = (
  text: string,
) => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"
  onload="alert(1)"><script>alert(2)</script><style>@import 'http://192.0.2.1/x';</style>
  <foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(3)"/></foreignObject>
  <image href="http://192.0.2.1/a.png"/><use x:href="http://192.0.2.1/b.svg#c"/>
  <a href="javascript:alert(4)"><text>link</text></a><animate attributeName="href" values="javascript:alert(5)"/>
  <g class="node ready" onclick="alert(6)" style="fill:red"><title>tools/${escapeXml(text)}</title><text>x</text></g></svg>`

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b-\x1f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
}

/** Answers in the server's place with whatever is told. */
async function answerWith(page: Page, text: string): Promise<void> {
  const json = (body: unknown) => ({ contentType: 'application/json', body: JSON.stringify(body) })
  const event = `id: 1\nevent: change\ndata: ${JSON.stringify({ registry: text, created: [text], updated: [], removed: [text], detected: [{ id: text, from: text, to: text }] })}\n\n`
  await page.route('**/dashboard.json', route => route.fulfill(json(createHostileView(text))))
  await page.route('**/health', route => route.fulfill(json({ status: 'ok', registries: [freshness(text)] })))
  await page.route('**/explain/**', route => route.fulfill(json(explain(text))))
  await page.route('**/graph.svg', route =>
    route.fulfill({ contentType: 'image/svg+xml', body: picture(text) }),
  )
  await page.route('**/events', route => route.fulfill({ contentType: 'text/event-stream', body: event }))
}

describe('a dashboard full of it shows', () => {
  test.each(hostile)('%s as text', async (_, text) => {
    const served = await startServedHome({ texts: soundTexts })
    const page = await browser.open(served.url, { prepare: opened => answerWith(opened, text) })
    await expect.poll(() => page.getByRole('article').count()).toBe(uiComponents.length + 1)
    await page.getByText('Dependency graph').click()
    await page.locator('g.node').waitFor()
    await page.getByRole('article').first().getByRole('button').click()
    await page.getByText('Can it be used here?').waitFor()
    const inside = await page.evaluate(countForeign)
    expect(inside).toEqual({ foreign: 0, handlers: 0, turned: 0 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280)
  })
})

// Elements and attributes that only data could have brought, and texts that are not as they look.
const countForeign = `(() => {
  const all = []
  const walk = root => {
    for (const element of root.querySelectorAll('*')) {
      all.push(element)
      if (element.shadowRoot) walk(element.shadowRoot)
    }
  }
  walk(document.body)
  const foreign = all.filter(({ localName }) =>
    ['script', 'img', 'image', 'iframe', 'style', 'use', 'foreignObject', 'animate', 'a', 'object'].includes(localName) &&
    !location.href.includes('docs'),
  )
  const handlers = all.filter(element => [...element.attributes].some(({ name }) => /^on|href|^style$/.test(name)))
  const turned = all.filter(element => /[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\ufeff]/.test(element.textContent))
  return { foreign: foreign.length, handlers: handlers.length, turned: turned.length }
})()`
