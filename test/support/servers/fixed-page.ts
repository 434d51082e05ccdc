import type { Page } from 'playwright-core'
import type { DashboardModel, DashboardView } from '../../../src/dashboard/model/dashboard-view.ts'
import { fullHealth, fullModels, fullView } from '../homes/full-dashboard.ts'
import { startServedHome } from '../homes/served-home.ts'
import type { Browsing, Look } from './browser.ts'

interface FixedPage {
  readonly view?: DashboardView
  readonly models?: readonly DashboardModel[]
  /** Part of the address behind the server: `#/models`. */
  readonly hash?: string
}

/** A few seconds after the fixed dashboard was made. */
const now = new Date('2026-11-29T12:00:04.000Z')

/** The page, with fixed data in place of what its server finds, at a fixed time. */
export async function openFixedPage(
  browser: Browsing,
  { view = fullView, models = fullModels, hash = '' }: FixedPage = {},
  look: Look = {},
): Promise<Page> {
  const served = await startServedHome()
  const json = (body: unknown) => ({ contentType: 'application/json', body: JSON.stringify(body) })
  const page = await browser.open(`${served.url}/${hash}`, {
    token: await served.token('admin'),
    // The server knows nothing of what the fixed data names.
    allowed: /status of 404/,
    ...look,
    prepare: async opened => {
      await opened.clock.setFixedTime(now)
      await opened.route('**/dashboard.json', route => route.fulfill(json(view)))
      await opened.route('**/dashboard/models.json', route => route.fulfill(json(models)))
      await opened.route('**/health', route => route.fulfill(json(fullHealth)))
      await opened.route('**/changes', route => route.fulfill(json(view.changes)))
      await look.prepare?.(opened)
    },
  })
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}
