import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { registryFiles } from '../../src/registry/schema/names.ts'
import type { Benchmark, Contender } from '../benchmark.ts'
import type { Sandbox } from '../sandbox.ts'
import { startServer } from '../server.ts'

const executablePath = '/usr/bin/chromium'
/** Updates of fourteen hours, one in five seconds. */
const updates = 10_000

/** The dashboard in a browser, on loopback. */
export const web: Benchmark = {
  name: 'web',
  what: 'The dashboard in Chromium: how soon it is there, what it weighs, and whether it grows',
  runs: 3,
  warmUps: 1,
  prepare: async sandbox => {
    if (!existsSync(executablePath)) return { contenders: [], skipped: [`there is no ${executablePath}`] }
    const { port } = await startServer(sandbox, '--no-sync')
    const url = `http://127.0.0.1:${port}/`
    return {
      contenders: [createVisit(url), createComparison(url), createChange(url, sandbox), createDay(url)],
    }
  },
}

/** A first visit by a browser that has been used for something else. */
function createVisit(url: string): Contender {
  return {
    quantities: [
      { label: 'Page, script and style as sent', unit: 'bytes', comparisons: [atMost(60 * 1024)] },
      { label: 'First visit: first paint', unit: 'ms', comparisons: [atMost(200)] },
      { label: 'First visit: everything is drawn', unit: 'ms', comparisons: [atMost(200)] },
    ],
    run: () =>
      withPage(async page => {
        await page.goto(`${url}docs`)
        const sizes: Promise<number>[] = []
        page.on('requestfinished', request => {
          const { pathname } = new URL(request.url())
          if (pathname !== '/' && !pathname.startsWith('/assets/')) return
          sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
        })
        await page.goto(url)
        await page.locator('.badge').first().waitFor()
        const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
        const [paint, drawn] = await Promise.all(
          ['first-contentful-paint', 'cards drawn'].map(name =>
            page.evaluate<number>(`performance.getEntriesByName(${JSON.stringify(name)})[0].startTime`),
          ),
        )
        return [bytes, paint ?? Number.NaN, drawn ?? Number.NaN]
      }),
  }
}

/** The first screen, beside a copy of the same page without its script. */
function createComparison(url: string): Contender {
  const still = 'A copy of the page without its script: largest paint'
  return {
    quantities: [
      { label: still, unit: 'ms' },
      {
        label: 'The page: largest paint',
        unit: 'ms',
        comparisons: [{ kind: 'times', of: still, atMost: 1.3 }],
      },
    ],
    run: async () => {
      const copy = await startCopy(url)
      try {
        return [await findLargestPaint(copy.url), await findLargestPaint(url)]
      } finally {
        copy.close()
      }
    },
  }
}

/** When the largest part of a page was painted, in milliseconds after the visit began. */
function findLargestPaint(url: string): Promise<number> {
  return withPage(async page => {
    await page.addInitScript(`new PerformanceObserver(list => {
      window.largest = list.getEntries().at(-1).startTime
    }).observe({ type: 'largest-contentful-paint', buffered: true })`)
    await page.goto(url)
    await page.locator('.badge').first().waitFor()
    await page.waitForTimeout(settledMs)
    return page.evaluate<number>('window.largest')
  })
}

/** Time after which nothing large is painted any more, in milliseconds. */
const settledMs = 1500

interface Copy {
  readonly url: string
  readonly close: () => void
}

/** Serves the page as a browser has drawn it, with its style sheet, and nothing that runs. */
async function startCopy(url: string): Promise<Copy> {
  const html = await withPage(async page => {
    await page.goto(url)
    await page.locator('.badge').first().waitFor()
    return page.content()
  })
  const inert = html.replace(/<script[^>]*><\/script>/g, '')
  const server = createServer((request, response) => {
    const isPage = request.url === '/'
    response.setHeader('content-type', isPage ? 'text/html; charset=utf-8' : 'text/css')
    if (isPage) response.end(inert)
    else void fetch(new URL(request.url ?? '/', url)).then(async asset => response.end(await asset.text()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the copy has no port')
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() }
}

let edits = 0

/** An edit of a registry, from the rename to the card. */
function createChange(url: string, { home }: Sandbox): Contender {
  return {
    quantities: [{ label: 'From an edit to the screen', unit: 'ms', comparisons: [atMost(1000)] }],
    run: () =>
      withPage(async page => {
        await page.goto(url)
        await page.getByText('Live', { exact: true }).waitFor()
        const file = path.join(home, registryFiles.dashboard)
        const shown = JSON.parse(await readFile(file, 'utf8'))
        edits += 1
        const name = `Docker ${edits}`
        shown.sections.tools.entries.docker.display_name = name
        await writeFile(`${file}.new`, JSON.stringify(shown, null, 2))
        const seen = page.getByRole('button', { name, exact: true }).waitFor()
        const startedAt = performance.now()
        await rename(`${file}.new`, file)
        await seen
        return [performance.now() - startedAt]
      }),
  }
}

/** Updates, one right after the other. */
function createDay(url: string): Contender {
  const early = 'Heap after 1,250 updates'
  return {
    quantities: [
      { label: early, unit: 'MB' },
      {
        label: 'Heap after 10,000 updates',
        unit: 'MB',
        comparisons: [{ kind: 'times', of: early, atMost: 1.1 }],
      },
    ],
    run: () =>
      withPage(async page => {
        await page.addInitScript(takeStream)
        await page.goto(url)
        await page.locator('.badge').first().waitFor()
        const first = await pump(page, updates / 8)
        return [first, await pump(page, updates - updates / 8)]
      }),
  }
}

// The page hears what the test says instead of its server.
const takeStream = `
  const ask = window.fetch
  window.fetch = (url, options) => {
    if (!String(url).endsWith('/events')) return ask(url, options)
    const body = new ReadableStream({ start: controller => { window.stream = controller } })
    return Promise.resolve(new Response(body))
  }
`

/** Tells of so many measurements, lets the page draw each, and answers with the heap in use, in MB. */
async function pump(page: Page, count: number): Promise<number> {
  await page.evaluate(`(async () => {
    const encoder = new TextEncoder()
    window.count ??= 0
    for (let step = 0; step < ${count}; step++) {
      window.count += 1
      const read_at = new Date(window.count * 5000).toISOString()
      const reading = (id, value) => ({ ref: 'dashboard/metrics/' + id, id, value, amount: null, level: 'ok', reason: null, read_at })
      const readings = ['cpu_usage', 'memory_usage', 'disk_usage', 'load_average', 'network_receive'].map(id =>
        reading(id, Math.random() * 100))
      window.stream.enqueue(encoder.encode('event: readings\\ndata: ' + JSON.stringify({ readings }) + '\\n\\n'))
      await new Promise(resolve => setTimeout(resolve))
    }
  })()`)
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6
}

/** A browser of its own for each run: one that is open would keep this process from ending. */
async function withPage<Value>(use: (page: Page) => Promise<Value>): Promise<Value> {
  const args = ['--headless', '--no-sandbox', '--disable-quic', '--disable-background-networking']
  const browser = await chromium.launch({ executablePath, args })
  try {
    return await use(await browser.newPage())
  } finally {
    await browser.close()
  }
}

function atMost(value: number) {
  return { kind: 'absolute', atMost: value } as const
}
