import { readFileSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'

export interface Look
  extends Pick<
    BrowserContextOptions,
    'colorScheme' | 'forcedColors' | 'locale' | 'reducedMotion' | 'timezoneId' | 'viewport'
  > {
  /** A token that the page finds in its session. */
  readonly token?: string
  /** What the browser may complain of. */
  readonly allowed?: RegExp
  /** Prepares the page before it goes anywhere. */
  readonly prepare?: (page: Page) => Promise<void>
}

export interface Browsing {
  /** Opens an address in a session of its own. After the test nothing may have gone wrong in it. */
  readonly open: (url: string, look?: Look) => Promise<Page>
}

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')

/** One Chromium for all tests of a file. */
export function startBrowser(): Browsing {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-quic', '--disable-background-networking'],
    })
  })
  afterAll(() => browser?.close())
  return {
    open: async (url, { token, allowed, prepare, ...look } = {}) => {
      if (browser === undefined) throw new Error('a page is opened by a test')
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...look })
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      const troubles = watch(page, url)
      onTestFinished(async () => {
        await context.close()
        expect(troubles.filter(trouble => !allowed?.test(trouble))).toEqual([])
      })
      if (token !== undefined) await keepToken(page, token)
      await prepare?.(page)
      await page.goto(url)
      return page
    },
  }
}

async function keepToken(page: Page, token: string): Promise<void> {
  await page.addInitScript(`sessionStorage.setItem('nexus-registry-token', ${JSON.stringify(token)})`)
}

// Errors, dialogs, requests that leave the server. A breach of the policy is an error in the console, too.
function watch(page: Page, url: string): string[] {
  const troubles: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text())
  })
  page.on('pageerror', error => troubles.push(error.message))
  page.on('request', request => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== new URL(url).origin && protocol !== 'data:') troubles.push(`it asks ${request.url()}`)
  })
  page.on('dialog', dialog => {
    troubles.push(`a dialog says ${dialog.message()}`)
    void dialog.dismiss()
  })
  return troubles
}

/** What axe finds in a page: rules that do not hold, and where. */
export async function findBarriers(page: Page): Promise<string[]> {
  // The policy forbids script elements; this comes by the debugger.
  await page.evaluate(axe)
  const found: unknown = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')
  return listViolations(found)
}

interface Violations {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

function listViolations(found: unknown): string[] {
  if (!isFound(found)) throw new Error('axe tells of violations')
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

function isFound(found: unknown): found is Violations {
  return typeof found === 'object' && found !== null && 'violations' in found
}
