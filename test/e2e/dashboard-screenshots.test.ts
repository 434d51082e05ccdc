import { describe, expect, test } from 'vitest'
import { fullView } from '../support/homes/full-dashboard.ts'
import { startBrowser } from '../support/servers/browser.ts'
import { openFixedPage } from '../support/servers/fixed-page.ts'
import { compareScreenshot } from '../support/servers/screenshots.ts'

const browser = startBrowser()

/** Share of a page that may look different: fonts are drawn a little otherwise elsewhere. */
const tolerated = 0.02

const views = [
  ['overview-1440-light', '#/', { colorScheme: 'light', viewport: { width: 1440, height: 2000 } }],
  ['overview-1440-dark', '#/', { colorScheme: 'dark', viewport: { width: 1440, height: 2000 } }],
  ['overview-1024-light', '#/', { colorScheme: 'light', viewport: { width: 1024, height: 2600 } }],
  ['overview-390-light', '#/', { colorScheme: 'light', viewport: { width: 390, height: 4600 } }],
  ['models-1440-light', '#/models?all=1', { colorScheme: 'light', viewport: { width: 1440, height: 1400 } }],
  ['models-390-dark', '#/models', { colorScheme: 'dark', viewport: { width: 390, height: 1800 } }],
  ['changes-1024-light', '#/changes', { colorScheme: 'light', viewport: { width: 1024, height: 800 } }],
] as const

describe('the page looks as it did', () => {
  test.each(views)('%s', async (name, hash, look) => {
    const page = await openFixedPage(browser, { hash }, { ...look, locale: 'en-GB', timezoneId: 'UTC' })
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await compareScreenshot(page, name)).toBeLessThan(tolerated)
  })
})

test('and a broken layout is found', async () => {
  const look = { viewport: { width: 1440, height: 2000 }, locale: 'en-GB', timezoneId: 'UTC' }
  const page = await openFixedPage(browser, {}, { ...look, colorScheme: 'light' })
  await page.getByText('Live', { exact: true }).waitFor()
  await page.evaluate(`document.querySelector('.band').className = ''`)
  expect(await compareScreenshot(page, 'overview-1440-light')).toBeGreaterThan(tolerated)
})

test('nothing moves while it is loaded, and when values change', async () => {
  const page = await openFixedPage(
    browser,
    { view: fullView },
    {
      prepare: async opened => {
        await opened.addInitScript(`window.moved = 0
        new PerformanceObserver(list => {
          for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.moved += value
        }).observe({ type: 'layout-shift', buffered: true })`)
      },
    },
  )
  await page.getByText('Live', { exact: true }).waitFor()
  await expect.poll(() => page.evaluate('window.moved')).toBe(0)
})
