import { chmod, writeFile } from 'node:fs/promises'
import http from 'node:http'
import nodePath from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cardOf, viewOf } from '../support/homes/dashboard-cards.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { portOf } from '../support/servers/listen-on-loopback.ts'
import { openFullTerminal } from '../support/terminal/full-terminal.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const main = nodePath.resolve('dist/main.cjs')

async function startServer(state: { name: string; token?: string; port?: number }) {
  const answer: http.RequestListener = (request, response) => {
    const isKnown = state.token === undefined || request.headers.authorization === `Bearer ${state.token}`
    response
      .writeHead(isKnown ? 200 : 401)
      .end(JSON.stringify(viewOf([cardOf({ name: state.name, state: 'on' })])))
  }
  const server = http.createServer(answer)
  await new Promise<void>(resolve => server.listen(state.port ?? 0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  }
  onTestFinished(async () => {
    await stop()
  })
  return { port: portOf(server), url: `http://127.0.0.1:${portOf(server)}`, stop }
}

test('a server that goes away leaves what was seen last, and comes back', async () => {
  const server = await startServer({ name: 'Before' })
  const directory = await temporaryDirectory()
  const argv = [process.execPath, main, 'dashboard', '--watch', '--url', server.url]
  const { screen, until, type, ended } = await openFullTerminal(argv, { directory, columns: 130, rows: 8 })
  const shows = (text: string) => () => screen.rows().some(row => row.includes(text))
  await until(shows('Before'))
  await server.stop()
  type('r')
  await until(shows('not reachable since'))
  expect(shows('Before')()).toBe(true)
  expect(screen.rows().at(-1)).toMatch(/^✗ not reachable since \d\d:\d\d:\d\d: http:.*nothing listens there$/)
  await startServer({ name: 'After', port: server.port })
  type('r')
  await until(shows('After'))
  expect(shows('not reachable')()).toBe(false)
  type('q')
  expect(await ended()).toBe(0)
})

test('a server that was never there is an error, and the terminal is as it was', async () => {
  const directory = await temporaryDirectory()
  const argv = [process.execPath, main, 'dashboard', '--watch', '--url', 'http://127.0.0.1:1']
  const { ended, written } = await openFullTerminal(argv, { directory })
  expect(await ended()).toBe(2)
  expect(written()).toMatch(/\x1b\[\?1049l[\s\S]*nothing listens there[\s\S]*ended=2/)
})

describe('a token', () => {
  async function show(
    args: readonly string[],
    env: Record<string, string> = {},
    token: string | undefined = 'secret',
  ) {
    const { url } = await startServer({ name: 'Seen', ...(token !== undefined && { token }) })
    const directory = await temporaryDirectory()
    const file = nodePath.join(directory, 'token')
    await writeFile(file, 'secret\n')
    await chmod(file, args.includes('open') ? 0o644 : 0o600)
    const given = args.map(word => (word === 'open' || word === 'own' ? file : word))
    return runProgram(['dashboard', '--url', url, ...given], { directory, env })
  }

  test("comes from a file of one's own", async () => {
    expect(await show(['--token-file', 'own'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Seen'),
    })
  })
  test('comes from the environment, unless a file is named', async () => {
    expect(await show([], { NEXUS_REGISTRY_TOKEN: 'secret' })).toMatchObject({ code: 0 })
    expect(await show(['--token-file', 'own'], { NEXUS_REGISTRY_TOKEN: 'wrong' })).toMatchObject({ code: 0 })
  })

  const refusals: [what: string, args: string[], env: Record<string, string>, message: RegExp][] = [
    ['that is missing', [], {}, /requires a valid token/],
    ['that is wrong', [], { NEXUS_REGISTRY_TOKEN: 'wrong' }, /requires a valid token/],
    ['that others may read', ['--token-file', 'open'], {}, /others may use .* too/],
    ['that is not there', ['--token-file', 'gone'], {}, /its token is missing/],
    ['that is none', [], { NEXUS_REGISTRY_TOKEN: 'two words' }, /is not a token/],
  ]
  test.each(refusals)('%s is an error', async (_, args, env, message) => {
    const { code, stdout, stderr } = await show(args, env)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/secret\b|wrong|two words/)
  })

  test('is not sent in plain text to another machine', async () => {
    const directory = await temporaryDirectory()
    const env = { NEXUS_REGISTRY_TOKEN: 'secret' }
    const { code, stderr } = await runProgram(['dashboard', '--url', 'http://192.0.2.1'], { directory, env })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/not sent in plain text/) })
  })
})

const usages: [args: string[], message: RegExp][] = [
  [['--url', 'ftp://example.org'], /invalid --url/],
  [['--url', 'localhost:4780'], /invalid --url/],
  [['--url', 'http://me:secret@127.0.0.1'], /^error: --url must not contain a password\n/],
  [['--token-file', 'x'], /--token-file requires --url/],
  [['--deep', '--url', 'http://127.0.0.1'], /--deep queries from this machine/],
]
test.each(usages)('%j is a wrong call', async (args, message) => {
  const directory = await temporaryDirectory()
  const { code, stderr } = await runProgram(['dashboard', ...args], { directory })
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
