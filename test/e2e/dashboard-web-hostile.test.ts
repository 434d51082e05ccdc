import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Card, DashboardView, Reading } from '../../src/dashboard/model/dashboard-view.ts'
import { uiComponents } from '../../src/registry/schema/dashboard.ts'
import { providerOf } from '../support/homes/dashboard-cards.ts'
import { modelOf, summaryOf } from '../support/homes/full-dashboard.ts'
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
    amount: { used_bytes: 1, total_bytes: 2 },
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
    provider: providerOf({
      is_reachable: true,
      latency_ms: 1,
      latency_history: [1, null, 2],
      variables: [text],
      model_count: 2,
      models: [text],
      capabilities: [text],
    }),
    fix: { text, command: text },
    warning: null,
  }
  const cards = uiComponents.map(component => ({ ...card, component, ref: `dashboard/${text}/${component}` }))
  const broken = { ...card, component: null, warning: text, ref: `dashboard/${text}/none` }
  return {
    generated_at: text,
    machine: { name: text, system: text, cores: 1 },
    gpus: [
      {
        id: text,
        name: text,
        driver: text,
        memory_total_bytes: 2,
        memory_used_bytes: 1,
        utilization: 1,
        history: [null, 1],
        temperature_c: 1,
        power_w: 1,
        power_limit_w: 1,
        reason: text,
        read_at: text,
      },
    ],
    sections: [{ id: text, title: text, cards: [...cards, broken] }],
    problems: [
      {
        ref: `tools/${text}`,
        name: text,
        status: 'not ready',
        reason: text,
        since: text,
        fix: { text, command: text },
        blocks: [text, `plugins/${text}`],
        blocks_count: 2,
      },
    ],
    models: summaryOf([
      modelOf(text, text, { more: { retires_on: text, successor: text, provider_name: text } }),
    ]),
    changes: [
      { time: text, kind: 'edit', ref: `tools/${text}`, change: 'changed', by: text, fields: [text] },
      { time: text, kind: 'detected', ref: text, change: 'version', from: text, to: text },
    ],
    changes_last_day: 2,
    hidden: ['hyper'],
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

const graph = (text: string) => ({
  nodes: [
    { id: `tools/${text}`, kind: 'tool', label: text, status: 'not ready', description: text },
    { id: text, kind: 'missing', label: text, status: 'unknown', description: text },
    { id: `plugins/${text}`, kind: 'plugin', label: text, status: 'not ready', description: text },
  ],
  edges: [{ from: `plugins/${text}`, to: `tools/${text}`, type: 'requires', label: text }],
})

/** Answers in the server's place with whatever is told. */
async function answerWith(page: Page, text: string): Promise<void> {
  const json = (body: unknown) => ({ contentType: 'application/json', body: JSON.stringify(body) })
  const event = `id: 1\nevent: change\ndata: ${JSON.stringify({ registry: text, created: [text], updated: [], removed: [text], detected: [{ id: text, from: text, to: text }] })}\n\n`
  await page.route('**/dashboard.json', route => route.fulfill(json(createHostileView(text))))
  await page.route('**/health', route => route.fulfill(json({ status: 'ok', registries: [freshness(text)] })))
  await page.route('**/explain/**', route => route.fulfill(json(explain(text))))
  await page.route('**/dashboard/models.json', route => route.fulfill(json([modelOf(text, text)])))
  await page.route('**/changes*', route => route.fulfill(json(createHostileView(text).changes)))
  await page.route('**/graph.json', route => route.fulfill(json(graph(text))))
  await page.route('**/events', route => route.fulfill({ contentType: 'text/event-stream', body: event }))
}

describe('a dashboard full of it shows', () => {
  test.each(hostile)('%s as text', async (_, text) => {
    const served = await startServedHome({ texts: soundTexts })
    const page = await browser.open(served.url, { prepare: opened => answerWith(opened, text) })
    await page.locator('.problem').waitFor()
    const expectText = async () => {
      expect(await page.evaluate(countForeign)).toEqual({ foreign: 0, handlers: 0, turned: 0 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280)
    }
    await page.locator('.problem .open').first().click()
    await page.locator('dialog.side .cause').first().waitFor()
    await expectText()
    await page.keyboard.press('Escape')
    for (const [hash, place] of [
      ['#/models?all=1', '.model-table tbody tr'],
      ['#/changes', '.changes ol > li'],
      ['#/graph', 'dependency-graph button'],
    ] as const) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
      await page.locator(place).first().waitFor()
      await expectText()
    }
  })
})

// Elements and attributes that only data could have brought, and texts that are not as they look.
const countForeign = `(() => {
  const all = [...document.body.querySelectorAll('*')]
  const isOurs = ({ localName, attributes }) =>
    localName === 'a' ? /^(#|\\/)/.test(attributes.href.value) : /^#[a-z-]+$/.test(attributes.href?.value)
  const foreign = all.filter(element =>
    ['script', 'img', 'image', 'iframe', 'style', 'foreignObject', 'animate', 'object'].includes(element.localName) ||
    (['a', 'use'].includes(element.localName) && !isOurs(element)),
  )
  const handlers = all.filter(element => [...element.attributes].some(({ name }) => /^on|^style$/.test(name)))
  const turned = all.filter(element => /[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\ufeff]/.test(element.textContent))
  return { foreign: foreign.length, handlers: handlers.length, turned: turned.length }
})()`
