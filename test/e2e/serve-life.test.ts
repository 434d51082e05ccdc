import { execFileSync } from 'node:child_process'
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import net from 'node:net'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/processes/daemon.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { callRaw, serveProgram } from '../support/servers/served-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

interface Health {
  readonly status: string
  readonly registries: readonly {
    readonly name: string
    readonly status: string
    readonly error: string | null
  }[]
}

async function readHealth(url: string): Promise<Health> {
  return JSON.parse(await (await fetch(`${url}/health`)).text())
}

/** Whether a port can be listened on. */
function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = net.createServer()
    server.on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** What takes two seconds to answer, until its filter is ended. */
function slow(url: string): string {
  return `${url}/query/tools?filter=${encodeURIComponent('[limit(1e12; repeat(1))] | length')}`
}

/** A request whose body never comes. */
const half = [
  'PUT /registries/tools/docker HTTP/1.1',
  'host: 127.0.0.1',
  'if-match: *',
  'content-type: application/json',
  'content-length: 100',
  '',
  '{',
].join('\r\n')

test.each([
  ['SIGTERM', 0],
  ['SIGINT', 130],
] as const)('%s answers requests under way, frees the port, and ends with %i', async (signal, code) => {
  const served = await serveProgram()
  const idle = callRaw(served.port)
  const asked = fetch(slow(served.url))
  await delay(300)
  served.child.kill(signal)
  await expect.poll(() => isFree(served.port)).toBe(true)
  const answer = await asked
  expect([answer.status, await answer.text()]).toEqual([
    503,
    expect.stringContaining('the server is about to stop'),
  ])
  expect(await served.ended).toBe(code)
  expect(served.events.at(-1)).toMatchObject({ event: 'stopped' })
  expect((await idle.ended).text).toBe('')
})

test('a stop does not wait for slow clients', async () => {
  const served = await serveProgram()
  const tools = await readFile(nodePath.join(served.home, 'tool_registry.json'), 'utf8')
  // More than the buffers of a connection hold.
  const many = 'GET /registries/tools HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(
    Math.ceil(16_000_000 / tools.length),
  )
  const token = await served.token('admin')
  const clients = [
    'GET /health HTTP/1.1\r\n',
    half.replace('\r\nif-match', `\r\nauthorization: Bearer ${token}\r\nif-match`),
    'GET /events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
    many,
  ].map(bytes => callRaw(served.port, bytes))
  for (const { socket } of clients.slice(2)) socket.pause()
  const readMetrics = async () => (await fetch(`${served.url}/metrics`)).text()
  await expect.poll(readMetrics).toMatch(/^nexus_registry_event_streams 1$/m)
  served.child.kill('SIGTERM')
  // Had it waited for one of them, the signal would have ended it.
  expect(await served.ended).toBe(0)
})

test('a second signal ends it at once, whatever is under way', async () => {
  const served = await serveProgram()
  const token = await served.token('admin')
  const asked = callRaw(
    served.port,
    half.replace('\r\nif-match', `\r\nauthorization: Bearer ${token}\r\nif-match`),
  )
  await delay(300)
  served.child.kill('SIGTERM')
  served.child.kill('SIGINT')
  expect(['SIGTERM', 'SIGINT']).toContain(await served.ended)
  expect((await asked.ended).text).toBe('')
})

test('a port that is taken is told with what to do about it', async () => {
  const served = await serveProgram()
  const args = ['serve', '--home', served.home, '--no-sync', '--port', String(served.port)]
  const { code, stderr } = await runProgram(args, served.options)
  expect(code).toBe(2)
  expect(stderr).toContain(`127.0.0.1:${served.port} is taken by another process`)
  expect(stderr).toContain('--port 0 takes a free one')
})

test('TLS answers who trusts its certificate, and does not start with a key of another one', async () => {
  const directory = await temporaryDirectory()
  const [one, other] = ['one', 'other'].map(name => createCertificate(directory, name))
  const served = await serveProgram(['--cert', `${one?.cert}`, '--key', `${one?.key}`])
  const curl = (...args: string[]) => execFileSync('curl', ['-s', ...args, `${served.url}/health`]).toString()
  const port = new URL(served.url).port
  expect(served.url).toBe(`https://127.0.0.1:${port}`)
  expect(JSON.parse(curl('--cacert', `${one?.cert}`))).toMatchObject({ status: 'ok' })
  expect(() => curl('--cacert', `${other?.cert}`)).toThrow(/status|failed/i)
  expect(() => curl('--cacert', `${one?.cert}`, '--tls-max', '1.1')).toThrow()
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [`${one?.cert}`, `${other?.key}`, /hint: .*--cert and --key/],
    [`${one?.key}`, `${one?.cert}`, /hint: /],
    ['/nowhere.pem', `${one?.key}`, /there is no file \/nowhere\.pem/],
  ]
  for (const [cert, key, words] of wrong) {
    const args = ['serve', '--home', served.home, '--no-sync', '--port', '0', '--cert', cert, '--key', key]
    const { code, stderr } = await runProgram(args, served.options)
    expect(stderr).toMatch(words)
    expect(stderr).not.toContain('PRIVATE')
    expect(code).toBe(2)
  }
})

function createCertificate(directory: string, name: string) {
  const [key, cert] = [nodePath.join(directory, `${name}.key`), nodePath.join(directory, `${name}.crt`)]
  const files = ['-keyout', key, '-out', cert]
  const names = ['-subj', '/CN=nexus', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1', '-nodes']
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  execFileSync('openssl', [...kind, ...names, ...files], { stdio: 'ignore' })
  return { key, cert }
}

test('a socket is for this user alone, and is taken over from who has gone, but not from who lives', async () => {
  const directory = await temporaryDirectory()
  const socket = nodePath.join(directory, 'nexus.sock')
  const served = await serveProgram(['--socket', socket])
  const curl = () =>
    execFileSync('curl', ['-s', '--unix-socket', socket, 'http://localhost/health']).toString()
  expect((await stat(socket)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(curl())).toMatchObject({ status: 'ok' })
  const args = ['serve', '--home', served.home, '--no-sync', '--socket', socket]
  const second = await runProgram(args, served.options)
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('is taken by another process')])
  served.child.kill('SIGKILL')
  await served.ended
  expect((await stat(socket)).isSocket()).toBe(true)
  const next = await serveProgram(['--socket', socket])
  expect(JSON.parse(curl())).toMatchObject({ status: 'ok' })
  next.child.kill('SIGTERM')
  expect(await next.ended).toBe(0)
  await expect(stat(socket)).rejects.toThrow('ENOENT')
})

test.each([
  ['a path that the system would cut off', ['--socket', `/tmp/${'a'.repeat(120)}`], 'bytes at most'],
  ['a directory that is not there', ['--socket', '/nowhere/x.sock'], 'its directory is not there'],
  ['an empty address, which would be all', ['--host', ''], '--host is empty'],
  ['an empty path', ['--socket', ''], '--socket is empty'],
])('%s is refused', async (_, args, reason) => {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await cp('registries', home, { recursive: true })
  const { code, stderr } = await runProgram(['serve', '--home', home, '--no-sync', ...args], { directory })
  expect([code, stderr]).toEqual([2, expect.stringContaining(reason)])
})

test('a file that is no socket is not taken away', async () => {
  const directory = await temporaryDirectory()
  const file = nodePath.join(directory, 'precious')
  await writeFile(file, 'precious')
  const options = { directory }
  const home = nodePath.join(directory, 'home')
  await cp('registries', home, { recursive: true })
  const { code } = await runProgram(['serve', '--home', home, '--no-sync', '--socket', file], options)
  expect([code, await readFile(file, 'utf8')]).toEqual([2, 'precious'])
})

test('an edit by hand is served at once; of a broken one the last good copy is, and health says so', async () => {
  const served = await serveProgram()
  const options = { ...served.options, env: { ...served.options.env, PATH: '/nowhere' } }
  // Good copies are kept by a sync.
  await runProgram(['sync', '--quick', '--home', served.home], options)
  const file = nodePath.join(served.home, 'tool_registry.json')
  const text = await readFile(file, 'utf8')
  const get = () => fetch(`${served.url}/registries/tools`)
  await expect.poll(async () => (await get()).text()).toBe(text)
  const before = (await get()).headers.get('etag')
  const edited = text.replace('"Docker"', '"Docker by hand"')
  await writeFile(file, edited)
  await expect.poll(async () => (await get()).text(), { interval: 20 }).toBe(edited)
  expect((await get()).headers.get('etag')).not.toBe(before)
  await writeFile(file, `${edited.slice(0, -10)} oops`)
  const status = async () => (await fetch(`${served.url}/health/registry/tools`)).status
  await expect.poll(status).toBe(503)
  const copy: Record<string, { display_name?: string }> = JSON.parse(await (await get()).text())
  expect(copy.docker?.display_name).toMatch(/^Docker/)
  const { status: whole, registries } = await readHealth(served.url)
  expect(whole).toBe('degraded')
  const tools = registries.find(({ name }) => name === 'tools')
  expect(tools).toMatchObject({
    status: 'failed',
    error: expect.stringMatching(/^tool_registry\.json:\d+:\d+: /),
  })
  await writeFile(file, text)
  await expect.poll(async () => (await get()).headers.get('etag')).toBe(before)
})

test('when its home is taken away it still answers and says so, and goes on when it is back', async () => {
  const served = await serveProgram()
  const aside = `${served.home}-aside`
  await rename(served.home, aside)
  await expect.poll(async () => (await readHealth(served.url)).status).toBe('degraded')
  expect((await fetch(`${served.url}/registries/tools`)).status).not.toBe(200)
  await rename(aside, served.home)
  await expect.poll(async () => (await readHealth(served.url)).status).toBe('ok')
  expect((await fetch(`${served.url}/registries/tools`)).status).toBe(200)
  await rm(served.home, { recursive: true })
  await expect.poll(async () => (await readHealth(served.url)).status).toBe('degraded')
  await cp('registries', served.home, { recursive: true })
  await expect.poll(async () => (await readHealth(served.url)).status).toBe('ok')
})

test('where a daemon keeps the home in sync already, it serves without, and says so', async () => {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await mkdir(home)
  await cp('registries', home, { recursive: true })
  const env = { PATH: '/nowhere', XDG_STATE_HOME: nodePath.join(directory, 'state') }
  const daemon = startDaemon({ directory, env }, '--home', home, '--quick')
  await daemon.next('started')
  const served = await serveProgram(['--sync'], { directory, env })
  expect(await served.next('unpolled')).toMatchObject({ event_pid: daemon.child.pid })
  expect((await fetch(`${served.url}/health`)).status).toBe(200)
})
