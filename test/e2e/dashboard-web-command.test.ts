import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import nodePath from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import type { DashboardView } from '../../src/dashboard/model/dashboard-view.ts'
import { readJson } from '../support/homes/served-home.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect, runProgram, startProgram } from '../support/processes/run-program.ts'
import { writeScript } from '../support/processes/script.ts'
import { startBrowser } from '../support/servers/browser.ts'
import { signIn, tokenOf } from '../support/servers/owner-link.ts'
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

const link = /^http:\/\/127\.0\.0\.1:\d+\/#token=\S+$/

test('dashboard --web prints a link, where its owner sees this machine until a signal', async () => {
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
  expect(address).toMatch(link)
  expect(address).not.toContain(':4780/')
  const sent: Record<string, string>[] = []
  const page = await browser.open(address, {
    prepare: async opened => {
      opened.on('request', request => sent.push({ ...request.headers(), url: request.url() }))
    },
  })
  await page.getByText('Live', { exact: true }).waitFor()
  const plain = new URL('/', address).href
  expect(page.url()).toBe(plain)
  expect(sent.some(({ url }) => url?.endsWith('/session'))).toBe(true)
  expect(JSON.stringify(sent)).not.toContain(address.split('#')[1])
  expect(sent.filter(({ referer = '' }) => referer !== '')).toEqual([])
  // The session is that of the tab: it outlives a reload, and no other tab has it.
  await page.reload()
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  const late = await browser.open(address, { allowed: /401/ })
  await late.getByText('this link was used before').waitFor()
  await late.locator('.who').getByText('Sign in').waitFor()
  expect(late.url()).toBe(plain)
  child.kill('SIGTERM')
  // A page that stays open tries to reach the server again, which the browser reports as an error.
  const [end] = await Promise.all([ended, page.close(), late.close()])
  expect(end).toEqual([0, null])
})

test.each([
  ['serve', ['serve', '--port', '0', '--no-sync']],
  ['itself', ['dashboard', '--web']],
])('dashboard --web prints a new link for a server that runs, started by %s', async (_, args) => {
  const { directory, home } = await createHome()
  const running = startProgram([...args, '--home', home], { directory })
  onTestFinished(() => void running.kill('SIGKILL'))
  const ended = once(running, 'exit')
  const started = collect(running)
  const print = () => runProgram(['dashboard', '--web', '--home', home], { directory })
  await expect.poll(() => listServers(directory), { timeout: 30_000 }).toHaveLength(1)
  const [first, second] = [await print(), await print()]
  for (const { code, stderr } of [first, second])
    expect([code, stderr]).toEqual([0, `The server was already running (process ${running.pid}).\n`])
  const addresses = [first, second].map(({ stdout }) => stdout.trim())
  expect(new Set(addresses).size).toBe(2)
  for (const address of addresses) {
    expect(address).toMatch(link)
    expect((await signIn(new URL(address).origin, tokenOf(address))).status).toBe(201)
  }
  running.kill('SIGTERM')
  await ended
  const { stderr } = await started
  // Where stderr is no terminal it may be a log.
  expect(stderr).toContain('"event":"listening"')
  expect(stderr).not.toContain('#token=')
  expect(await listServers(directory)).toEqual([])
})

test('a server that was killed does not stand in for a new one', async () => {
  const { directory, home } = await createHome()
  const killed = startProgram(['serve', '--port', '0', '--no-sync', '--home', home], { directory })
  await expect.poll(() => listServers(directory), { timeout: 30_000 }).toHaveLength(1)
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  const address = await readAddress(startProgram(['dashboard', '--web', '--home', home], { directory }))
  expect((await signIn(new URL(address).origin, tokenOf(address))).status).toBe(201)
})

test('a server on a socket has no link', async () => {
  const { directory, home } = await createHome()
  const socket = nodePath.join(directory, 'socket')
  const child = startProgram(['serve', '--socket', socket, '--no-sync', '--home', home], { directory })
  onTestFinished(() => void child.kill('SIGKILL'))
  await expect.poll(() => existsSync(socket), { timeout: 30_000 }).toBe(true)
  expect(await listServers(directory)).toEqual([])
})

/** Files of running servers. */
async function listServers(directory: string): Promise<string[]> {
  const names = await readdir(nodePath.join(directory, '.local/state/nexus-registry/servers')).catch(() => [])
  return names.filter(name => name.endsWith('.json') && !name.startsWith('.'))
}

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
