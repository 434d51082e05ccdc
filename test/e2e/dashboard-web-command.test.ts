import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import nodePath from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import type { DashboardView } from '../../src/dashboard/model/dashboard-view.ts'
import { readJson } from '../support/homes/served-home.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { startProgram } from '../support/processes/run-program.ts'
import { writeScript } from '../support/processes/script.ts'
import { startBrowser } from '../support/servers/browser.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const browser = startBrowser()

async function createHome() {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await mkdir(home, { mode: 0o700 })
  await writeHome(home, soundTexts)
  return { directory, home }
}

async function readAddress(child: ChildProcess): Promise<string> {
  onTestFinished(() => void child.kill('SIGKILL'))
  if (child.stdout === null) throw new Error('its stdout is a pipe')
  const [address = ''] = await once(createInterface(child.stdout), 'line')
  return address
}

test('dashboard --web prints an address, where this machine is shown until a signal', async () => {
  const { directory, home } = await createHome()
  // The usual port is somebody else's.
  const other = createServer()
  const taken = await new Promise<boolean>(resolve => {
    other.once('error', () => resolve(false))
    other.listen(4780, '127.0.0.1', () => resolve(true))
  })
  if (taken) onTestFinished(() => void other.close())
  const child = startProgram(['dashboard', '--web', '--home', home], { directory })
  const ended = once(child, 'exit')
  const address = await readAddress(child)
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  expect(address).not.toContain(':4780/')
  const page = await browser.open(address)
  await page.getByText('live', { exact: true }).waitFor()
  child.kill('SIGTERM')
  // A page that stays open tries to reach the server again, which the browser reports as an error.
  const [end] = await Promise.all([ended, page.close()])
  expect(end).toEqual([0, null])
})

test.each([
  ['is not asked', [], null],
  ['is asked with --deep', ['--deep'], 3],
])('the cluster of a page %s', async (_, flags, pods) => {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await cp('registries', home, { recursive: true })
  const bin = nodePath.join(directory, 'bin')
  await writeScript(nodePath.join(bin, 'kubectl'), `printf 'pod/a\\npod/b\\npod/c\\n'`)
  const env = { PATH: `${bin}:${systemPath}` }
  const args = ['dashboard', '--web', '--home', home, ...flags]
  const address = await readAddress(startProgram(args, { directory, env }))
  const readPods = async () => {
    const { sections } = await readJson<DashboardView>(await fetch(new URL('dashboard.json', address)))
    const readings = sections.flatMap(({ cards }) => cards).flatMap(card => card.readings)
    return readings.find(({ id }) => id === 'pod_count')?.value
  }
  await expect.poll(readPods, { timeout: 60_000 }).toBe(pods)
})

test.each([['--watch'], ['--json'], ['--url', 'http://127.0.0.1:1']])(
  'dashboard --web cannot be combined with %s',
  async (...flags) => {
    const { directory, home } = await createHome()
    const { code, stderr } = await runInProcess(['dashboard', '--web', ...flags, '--home', home], {
      directory,
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining('--web cannot be combined with')])
  },
)
