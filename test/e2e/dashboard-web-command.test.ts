import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import nodePath from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { runProgram, startProgram } from '../support/run-program.ts'
import { soundTexts, writeHome } from '../support/sound-home.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const browser = startBrowser()

async function createHome() {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await mkdir(home, { mode: 0o700 })
  await writeHome(home, soundTexts)
  return { directory, home }
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
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  if (child.stdout === null) throw new Error('its stdout is a pipe')
  const [address = ''] = await once(createInterface(child.stdout), 'line')
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  expect(address).not.toContain(':4780/')
  const page = await browser.open(address)
  await page.getByText('live', { exact: true }).waitFor()
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  await page.close()
})

test.each([['--watch'], ['--deep'], ['--json'], ['--url', 'http://127.0.0.1:1']])(
  'dashboard --web does not go with %s',
  async (...flags) => {
    const { directory, home } = await createHome()
    const { code, stderr } = await runProgram(['dashboard', '--web', ...flags, '--home', home], { directory })
    expect([code, stderr]).toEqual([2, expect.stringContaining('--web goes with none of')])
  },
)
