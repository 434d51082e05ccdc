import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { hearDaemon, type TestDaemon } from '../support/processes/daemon.ts'
import { runProgram, startProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

interface Machine {
  readonly directory: string
  readonly home: string
  /** Starts its server, and answers with its address. */
  readonly serve: (port?: string) => Promise<{ readonly server: TestDaemon; readonly url: string }>
}

/** A user on a machine of his own, whose home polls every second. */
async function createMachine(
  name: string,
  change: (hyper: Hyper) => void = () => undefined,
): Promise<Machine> {
  const directory = nodePath.join(await temporaryDirectory(), name)
  const home = nodePath.join(directory, 'home')
  await mkdir(nodePath.join(directory, '.config/nexus-registry'), { recursive: true })
  await mkdir(home)
  const hyper: Hyper = JSON.parse(soundTexts.hyper)
  hyper.sync_protocol.interval_seconds = 1
  hyper.metadata.cache_ttl_seconds = 2
  change(hyper)
  await writeHome(home, { ...soundTexts, hyper: JSON.stringify(hyper, null, 2) })
  return {
    directory,
    home,
    serve: async (port = '0') => {
      const args = ['serve', '--home', home, '--port', port, '--log-format', 'json']
      const server = hearDaemon(startProgram(args, { directory }))
      const { url } = await server.next('listening')
      return { server, url }
    },
  }
}

interface Hyper {
  readonly sync_protocol: { interval_seconds: number }
  readonly metadata: { cache_ttl_seconds: number }
  readonly sub_registries: Record<string, { url?: string }>
  access_control: Record<string, string>
}

async function readContext(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/registries/models/large`)
  return JSON.parse(await answer.text()).context_tokens
}

async function readHealth(
  url: string,
): Promise<{ code: number; status: string; age_seconds: number; error: string }> {
  const answer = await fetch(`${url}/health/registry/models`)
  return { code: answer.status, ...JSON.parse(await answer.text()) }
}

test('two servers, one the upstream of the other: changes arrive, and a stop is survived and told', async () => {
  const first = await createMachine('first', hyper => {
    hyper.access_control = { models: 'auth_read' }
  })
  const upstream = await first.serve()
  const made = await runProgram(['token', 'create', '--role', 'adapter', '--home', first.home], first)
  const second = await createMachine('second', hyper => {
    hyper.access_control = { models: 'public_read' }
    Object.assign(hyper.sub_registries.models ?? {}, {
      url: `${upstream.url}/registries/model_registry.json`,
    })
  })
  const tokenFile = nodePath.join(second.directory, 'upstream.token')
  await writeFile(tokenFile, made.stdout, { mode: 0o600 })
  const config = { allow_private: ['127.0.0.1'], upstreams: { [upstream.url]: { token_file: tokenFile } } }
  await writeFile(
    nodePath.join(second.directory, '.config/nexus-registry/config.json'),
    JSON.stringify(config),
  )
  const { url, server } = await second.serve()
  await server.next('synced')

  const file = nodePath.join(first.home, 'model_registry.json')
  const models = JSON.parse(await readFile(file, 'utf8'))
  models.large.context_tokens = 123_456
  await writeFile(file, JSON.stringify(models, null, 2))
  await expect.poll(() => readContext(url), { timeout: 60_000 }).toBe(123_456)
  expect(await readHealth(url)).toMatchObject({ code: 200, status: 'fresh', source: 'upstream', error: null })

  upstream.server.child.kill('SIGTERM')
  expect(await upstream.server.ended).toBe(0)
  await expect.poll(async () => (await readHealth(url)).code, { timeout: 60_000 }).not.toBe(200)
  await expect.poll(async () => (await readHealth(url)).age_seconds, { timeout: 60_000 }).toBeGreaterThan(2)
  const health = await readHealth(url)
  expect(health.error).toBeTruthy()
  expect(await readContext(url)).toBe(123_456)

  models.large.context_tokens = 654_321
  await writeFile(file, JSON.stringify(models, null, 2))
  await first.serve(new URL(upstream.url).port)
  await expect.poll(() => readContext(url), { timeout: 60_000 }).toBe(654_321)
  await expect.poll(async () => (await readHealth(url)).status).toBe('fresh')
})
