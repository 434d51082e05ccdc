import { chmod, mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { clock as realClock } from '../../src/platform/node/clock.ts'
import { revokeToken } from '../../src/security/tokens.ts'
import { sync } from '../../src/sync/sync.ts'
import { createMeasure, everyState, everyStateTexts } from '../support/homes/every-state-home.ts'
import { readJson, startServedHome } from '../support/homes/served-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { startBrowser } from '../support/servers/browser.ts'

const browser = startBrowser()

/** As long as a change may take to the screen, in milliseconds, on a machine that does other things too. */
const soonMs = 4000

const syncOptions = {
  mode: 'normal',
  isForced: true,
  isDryRun: false,
  concurrency: undefined,
  timeoutMs: undefined,
  python: undefined,
  configFile: undefined,
  isPlain: false,
} as const

describe('what changes is on the screen', () => {
  test('when an entry appears in the registry', async () => {
    const served = await startServedHome({ texts: everyStateTexts })
    const page = await browser.open(served.url, { token: await served.token('admin') })
    await page.getByText('Live', { exact: true }).waitFor()
    const fresh = structuredClone(everyState)
    Object.assign(fresh.sections.tools.entries, {
      brand_new: { display_name: 'Brand new', category: 'vcs', ui_component: 'capability_badge' },
    })
    await served.write('dashboard', fresh)
    await page.getByRole('button', { name: 'Brand new' }).waitFor({ timeout: soonMs })
  })

  test('when a tool appears on PATH and a sync has found it', async () => {
    const served = await startServedHome({ texts: soundTexts, host: { env: { PATH: '/nowhere' } } })
    const page = await browser.open(served.url, { token: await served.token('admin') })
    await page.getByText('Live', { exact: true }).waitFor()
    // The first sync of a home changes nothing that was known.
    await sync({ directory: served.home, origin: 'flag' }, syncOptions, served.host)
    const bin = nodePath.join(served.host.directory, 'bin')
    await mkdir(bin)
    await writeFile(nodePath.join(bin, 'podman'), '#!/bin/sh\n')
    await chmod(nodePath.join(bin, 'podman'), 0o755)
    const host = { ...served.host, env: { ...served.host.env, PATH: bin } }
    await sync({ directory: served.home, origin: 'flag' }, syncOptions, host)
    await page.locator('.badge.on').filter({ hasText: 'Podman' }).waitFor({ timeout: soonMs })
    await page.locator('.changes').getByText('Podman').waitFor()
    // Readers who do not see the screen hear it, too.
    await expect.poll(() => page.getByRole('log').innerText()).toMatch(/Podman: ready/)
    // Those who come later find it there as well.
    const later = await browser.open(served.url, { token: await served.token('admin') })
    await later.locator('.changes').getByText('Podman').first().waitFor()
  })

  test('when something was measured', async () => {
    let asked = 0
    const served = await startServedHome({
      texts: everyStateTexts,
      host: { clock: { sleep: quickly } },
      request: {
        measures: [
          snapshot => {
            asked += 1
            return createMeasure({ calm: asked })(snapshot)
          },
        ],
      },
    })
    const page = await browser.open(served.url, { token: await served.token('admin') })
    const card = page.locator('.tile').filter({ hasText: 'Calm' })
    const read = async () => Number(/(\d+) %/.exec(await card.innerText())?.[1])
    await expect.poll(read).toBeGreaterThan(0)
    const before = await read()
    await expect.poll(read).toBeGreaterThan(before + 3)
  })

  test('and it is measured only while somebody looks', async () => {
    let asked = 0
    const served = await startServedHome({
      texts: everyStateTexts,
      host: { clock: { sleep: quickly } },
      request: {
        measures: [
          snapshot => {
            asked += 1
            return createMeasure()(snapshot)
          },
        ],
      },
    })
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(asked).toBe(0)
    const stream = await fetch(`${served.url}/events`)
    await expect.poll(() => asked).toBeGreaterThan(2)
    await stream.body?.cancel()
  })
})

describe('the connection', () => {
  test('is told in words when the server goes away, and comes back with it', async () => {
    const served = await startServedHome({ texts: everyStateTexts })
    const page = await browser.open(served.url, {
      token: await served.token('admin'),
      // The browser tells of requests that reach nobody, and of a token that the new server does not know.
      allowed: /ERR_|401/,
    })
    await page.getByText('Live', { exact: true }).waitFor()
    await served.stop()
    await page.getByText('Reconnecting', { exact: true }).waitFor()
    // What was known stays.
    expect(await page.getByRole('button', { name: 'Here', exact: true }).count()).toBe(1)
    const again = await startServedHome({
      texts: everyStateTexts,
      request: { address: { kind: 'port', host: '127.0.0.1', port: served.port } },
    })
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
    expect(again.url).toBe(served.url)
  })

  test('is stale when the server stays away', async () => {
    const served = await startServedHome({ texts: everyStateTexts })
    const page = await browser.open(served.url, {
      allowed: /ERR_/,
      prepare: async opened => void (await opened.clock.install()),
    })
    await page.getByText('Live', { exact: true }).waitFor()
    await served.stop()
    await page.getByText('Reconnecting', { exact: true }).waitFor()
    await page.clock.fastForward(35_000)
    await page.getByText('Not reachable', { exact: true }).waitFor()
    await page
      .getByRole('alert')
      .getByText(/this is what was known \d+ seconds ago/)
      .waitFor()
    await page.getByRole('button', { name: 'Try now' }).waitFor()
  })

  test('is unknown when the server never answered', async () => {
    const served = await startServedHome({ texts: everyStateTexts })
    const page = await browser.open(served.url, {
      allowed: /ERR_/,
      prepare: async opened => {
        for (const path of ['dashboard.json', 'events', 'health'])
          await opened.route(`**/${path}`, route => route.abort())
      },
    })
    await page
      .getByRole('alert')
      .getByText(/has not responded yet: the server cannot be reached/)
      .waitFor()
  })
})

describe('who looks sees what that one may', () => {
  test('anybody no services, who signs in all, and who signs out nothing of it any more', async () => {
    const served = await startServedHome()
    const page = await browser.open(served.url)
    await page.getByText('Live', { exact: true }).waitFor()
    const strip = () => page.getByRole('region', { name: 'Registries' }).innerText()
    expect(await strip()).not.toMatch(/microservices|hyper/)
    const banner = page.getByText('You see what everybody may see.')
    await banner.waitFor()
    await page.locator('.who').click()
    await page.getByLabel('Token').fill(await served.token('admin'))
    await page.keyboard.press('Enter')
    await expect.poll(strip).toMatch(/hyper[\s\S]*microservices/)
    await expect.poll(() => banner.count()).toBe(0)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await banner.waitFor()
    expect(await strip()).not.toMatch(/microservices|hyper/)
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
  })

  test('who has a token that ends sees no more of what it showed', async () => {
    const served = await startServedHome()
    const { token, info } = await served.makeToken('admin')
    const page = await browser.open(served.url, { token, allowed: /401/ })
    await page.getByText('Live', { exact: true }).waitFor()
    const file = await served.ask('/registries/microservices', { token })
    const services = await readJson<Record<string, object>>(file)
    await served.write('microservices', { ...services, aefa: { ...services.aefa, description: 'another' } })
    await expect
      .poll(() => page.getByRole('region', { name: 'Registries' }).innerText())
      .toContain('microservices')
    await revokeToken(served.home, info.id, served.host)
    await page.getByRole('alert').getByText('You are signed out').waitFor({ timeout: 10_000 })
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.getByRole('region', { name: 'Registries' }).innerText()).not.toContain('microservices')
  })

  test('a token that does not hold is told, and forgotten', async () => {
    const served = await startServedHome()
    const page = await browser.open(served.url, { token: 'nothing', allowed: /401/ })
    await page.getByRole('alert').getByText('You are signed out').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.locator('.who').getByText('Sign in').waitFor()
  })
})

test('the page weighs little, and comes from this server alone', async () => {
  const served = await startServedHome()
  const sizes = new Map<string, number>()
  const page = await browser.open(served.url, {
    prepare: async opened => {
      opened.on('requestfinished', async request => {
        const sized = await request.sizes().catch(() => undefined)
        sizes.set(new URL(request.url()).pathname, sized?.responseBodySize ?? Number.POSITIVE_INFINITY)
      })
    },
  })
  await page.getByText('Live', { exact: true }).waitFor()
  const page_ = [...sizes].filter(([path]) => path === '/' || path.startsWith('/assets/'))
  expect(page_.map(([path]) => path.replace(/-\w+\./, '.')).toSorted()).toEqual(
    expect.arrayContaining(['/', '/assets/main.js', '/assets/page.css']),
  )
  expect(page_.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(60 * 1024)
})

// A second goes by in some milliseconds.
async function quickly(ms: number, signal?: AbortSignal): Promise<void> {
  await realClock.sleep(ms / 100, signal)
}
